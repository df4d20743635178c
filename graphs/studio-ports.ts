import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { LlmPort, ModelOutcome } from '#server/adapters/llm/port.ts';
import type { ModelAsk, Ports, PortsFor, StepResult, StepScript, StepSpec } from './ports.ts';

const MAX_OUTPUT_TOKENS = 4_096;
/** The prompts end a conversation themselves; this ends one that a changed prompt made endless. */
const MAX_ASKS = 8;

/**
 * Ports for trying prompts out: each ask is one model call, nothing is metered, recorded or remembered, and no tool is
 * offered. Text goes out as it arrives, as `custom` stream events.
 */
export function studioPorts(openLlm: () => Promise<LlmPort>, modelOf: (alias: string) => string): PortsFor {
  return (config) => ({
    recall: async () => ({ summary: null, messages: [] }),
    runStep: async (spec, script) => runStep(await openLlm(), modelOf, config, spec, script),
  });
}

async function runStep(
  llm: LlmPort,
  modelOf: (alias: string) => string,
  config: LangGraphRunnableConfig,
  spec: StepSpec,
  script: StepScript,
): ReturnType<Ports['runStep']> {
  const filter = script.filter?.();
  let content = '';
  const pass = (text: string) => {
    if (text === '') return;
    content += text;
    config.writer?.({ step: spec.key, agent: spec.agentName, text });
  };
  const failed = (error: { code: string; message: string }): StepResult => ({
    status: 'failed',
    content,
    plan: null,
    error,
  });

  let ask = script.ask;
  for (let asked = 1; asked <= MAX_ASKS; asked += 1) {
    const outcome = await call(
      llm,
      llm.resolveModel(spec.modelAlias, modelOf(spec.modelAlias)),
      ask,
      config,
      (text) => {
        if (filter) pass(filter.push(text));
      },
    );
    config.signal?.throwIfAborted();
    if (outcome.failure) return failed({ code: outcome.failure.code, message: outcome.failure.message });
    const verdict = script.judge({ text: outcome.text, asked });
    if (verdict.kind === 'fail') return failed({ code: verdict.code, message: verdict.message });
    if (verdict.kind === 'done') {
      pass(filter ? filter.end() : verdict.content);
      return { status: 'completed', content, plan: verdict.plan ?? null, error: null };
    }
    ask = verdict.ask;
  }
  return failed({ code: 'too_many_asks', message: 'The model did not come to an end.' });
}

/** Structured output by `response_format`, or by a forced tool call where the model lacks that. */
async function call(
  llm: LlmPort,
  model: string,
  ask: ModelAsk,
  config: LangGraphRunnableConfig,
  onText: (text: string) => void,
): Promise<ModelOutcome> {
  const send = (via: 'json_schema' | 'tool') =>
    llm.callModel(
      {
        model,
        messages: ask.messages,
        maxOutputTokens: ask.maxOutputTokens ?? MAX_OUTPUT_TOKENS,
        ...(ask.structured && { structured: { ...ask.structured, via } }),
      },
      { signal: config.signal ?? new AbortController().signal, onText },
    );
  const outcome = await send('json_schema');
  return ask.structured && outcome.failure?.code === 'unsupported_format' ? send('tool') : outcome;
}
