import type { Logger } from 'winston';
import type { Env } from '#server/platform/env.ts';
import { startDemoModel } from './demo-model.ts';
import { listModels, modelResolver } from './model-catalogue.ts';
import { createOpenAiCompatible } from './openai-compatible.ts';
import type { LlmPort, ModelTimeouts } from './port.ts';

type LlmEnv = Pick<
  Env,
  'production' | 'llmBaseUrl' | 'llmApiKey' | 'openrouterApiKey' | 'llmModel' | 'llmModels' | 'appUrl'
>;

const OPENROUTER_URL = 'https://openrouter.ai/api/v1';

/** The first token may take long where a local server loads its model first, or a model thinks before it speaks. */
export const DEFAULT_TIMEOUTS: ModelTimeouts = {
  connectMs: 10_000,
  firstTokenMs: 120_000,
  idleMs: 45_000,
  totalMs: 600_000,
};

const ASK_AGAIN_MS = 30_000;

/** The models that the environment names: any OpenAI-compatible server, OpenRouter, or, outside production, the demo model. */
export async function createLlm(
  env: LlmEnv,
  log: Pick<Logger, 'info' | 'warn'>,
  timeouts: ModelTimeouts = DEFAULT_TIMEOUTS,
): Promise<LlmPort> {
  if (env.llmBaseUrl && !isOpenRouter(env.llmBaseUrl)) return createForServer(env, env.llmBaseUrl, log, timeouts);
  const apiKey = env.llmApiKey ?? env.openrouterApiKey;
  if (env.llmBaseUrl || apiKey) {
    return createOpenAiCompatible({
      provider: 'openrouter',
      baseUrl: env.llmBaseUrl ?? OPENROUTER_URL,
      apiKey,
      resolveModel: modelResolver(env, () => []),
      timeouts,
      headers: { 'HTTP-Referer': env.appUrl, 'X-Title': 'Pantheon' },
    });
  }
  if (env.production) {
    throw new Error(
      'No model is configured: set OPENROUTER_API_KEY or LLM_BASE_URL. The demo model is refused in production.',
    );
  }
  log.info('no model is configured: the offline demo model answers');
  const demo = await startDemoModel();
  const llm = createOpenAiCompatible({
    provider: 'demo',
    baseUrl: demo.baseUrl,
    apiKey: null,
    resolveModel: (_alias, fromPricing) => fromPricing,
    timeouts,
  });
  return {
    ...llm,
    async close() {
      await llm.close();
      await demo.close();
    },
  };
}

function isOpenRouter(url: string): boolean {
  return new URL(url).hostname === 'openrouter.ai';
}

/** A server that isn't up yet is asked for its models again until it is. */
async function createForServer(
  env: LlmEnv,
  baseUrl: string,
  log: Pick<Logger, 'info' | 'warn'>,
  timeouts: ModelTimeouts,
): Promise<LlmPort> {
  // With LLM_MODEL the list isn't needed.
  let known = env.llmModel ? [] : await listModels(baseUrl, env.llmApiKey);
  if (!known) log.warn('the model server doesn’t list its models; asking again until it does');
  const timer = setInterval(() => {
    if (known) return clearInterval(timer);
    void listModels(baseUrl, env.llmApiKey).then((models) => {
      known = models;
    });
  }, ASK_AGAIN_MS).unref();
  const llm = createOpenAiCompatible({
    provider: 'openai-compatible',
    baseUrl,
    apiKey: env.llmApiKey,
    resolveModel: modelResolver(env, () => known ?? []),
    timeouts,
  });
  return {
    ...llm,
    async close() {
      clearInterval(timer);
      await llm.close();
    },
  };
}
