import { chatCompletion } from './chat-completion.ts';
import { checkUsage, estimateUsage } from './check-usage.ts';
import { brokenStream, classifyFailure, stoppedFailure, type Progress } from './classify-failure.ts';
import { createReplyCollector } from './collect-reply.ts';
import { startDeadlines } from './deadlines.ts';
import { findOpenRouterGeneration } from './find-generation.ts';
import type { Correlation, LlmPort, ModelCallOptions, ModelOutcome, ModelRequest, ModelTimeouts } from './port.ts';
import { openProvider } from './post-json.ts';
import { readChunks } from './read-chunks.ts';

export type OpenAiCompatibleOptions = {
  provider: 'openrouter' | 'openai-compatible' | 'demo';
  /** Ends in `/v1`. */
  baseUrl: string;
  /** Null sends no key. */
  apiKey: string | null;
  resolveModel: LlmPort['resolveModel'];
  timeouts: ModelTimeouts;
  headers?: Record<string, string>;
};

/**
 * Any server that speaks OpenAI's chat completions. One call, one request: no retries, and nothing that logs a prompt
 * (docs/decisions/0012).
 */
export function createOpenAiCompatible(options: OpenAiCompatibleOptions): LlmPort {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const completions = openProvider(`${baseUrl}/chat/completions`);
  const ourHeaders = {
    ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
    ...options.headers,
  };

  async function callModel(
    request: ModelRequest,
    { signal, onText, correlation }: ModelCallOptions,
  ): Promise<ModelOutcome> {
    const startedAt = performance.now();
    const elapsed = () => Math.round(performance.now() - startedAt);
    const deadlines = startDeadlines(options.timeouts, signal);
    const progress: Progress = { reached: false, answered: false, streamed: false };
    let firstTokenMs: number | null = null;
    let failure: ModelOutcome['failure'];
    let listenerFault: { error: unknown } | undefined;

    const collector = createReplyCollector(request, (text) => {
      try {
        onText?.(text);
      } catch (error) {
        listenerFault = { error };
        throw error;
      }
    });
    const watch = {
      connected: deadlines.connected,
      sent() {
        progress.reached = true;
      },
      answered() {
        progress.reached = true;
        progress.answered = true;
      },
    };

    try {
      if (!deadlines.cause()) {
        const body = chatCompletion(request, options.provider === 'openrouter' ? openRouterBody(request) : {});
        const headers = { ...ourHeaders, ...correlationHeaders(correlation) };
        const answer = await completions.postJson({ headers, body, signal: deadlines.signal, watch });
        await readChunks(answer, (chunk) => {
          if (deadlines.cause()) return false;
          if (!collector.push(chunk)) return true;
          deadlines.progressed();
          if (collector.hasOutput()) {
            progress.streamed = true;
            firstTokenMs ??= elapsed();
          }
          return true;
        });
      }
    } catch (error) {
      if (!listenerFault) failure = classifyFailure(error, request, progress);
    }
    const { state } = collector;
    const cause = deadlines.cause();
    if (cause) failure = stoppedFailure(cause, progress);
    else if (!failure && (state.finishReason === null || state.finishReason === 'error'))
      failure = brokenStream(progress);
    deadlines.end({ whole: !failure && !listenerFault });
    const toolCalls = failure || listenerFault ? [] : collector.finish();
    if (listenerFault) throw listenerFault.error;
    if (state.text !== '') firstTokenMs ??= elapsed();

    return {
      text: state.text,
      toolCalls,
      status: failure ? 'failed' : 'ok',
      finishReason: state.finishReason,
      ...(failure ? { failure } : {}),
      reached: progress.reached,
      usage: checkUsage(state.usage) ?? estimateUsage(request, state.received),
      servedModel: state.servedModel,
      requestId: state.requestId,
      firstTokenMs,
      latencyMs: elapsed(),
    };
  }

  return {
    provider: options.provider,
    resolveModel: options.resolveModel,
    callModel,
    async findGeneration(requestId) {
      if (options.provider !== 'openrouter' || options.apiKey === null) return null;
      return findOpenRouterGeneration({ baseUrl, apiKey: options.apiKey, requestId });
    },
    async close() {
      completions.close();
    },
  };
}

function correlationHeaders(ids: Correlation | undefined): Record<string, string> {
  return {
    ...(ids?.requestId ? { 'X-Request-Id': ids.requestId } : {}),
    ...(ids?.traceparent ? { traceparent: ids.traceparent } : {}),
  };
}

/** Only to providers that honour the asked form; the rest would ignore it and answer in prose. */
function openRouterBody(request: ModelRequest): Record<string, unknown> {
  return request.structured?.via === 'json_schema' ? { provider: { require_parameters: true } } : {};
}
