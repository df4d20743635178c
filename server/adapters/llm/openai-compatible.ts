import { callOptions, createChatModel, toLangChainMessages } from './chat-model.ts';
import { checkUsage, estimateUsage } from './check-usage.ts';
import { brokenStream, classifyFailure, stoppedFailure, type Progress } from './classify-failure.ts';
import { createReplyCollector } from './collect-reply.ts';
import { startDeadlines } from './deadlines.ts';
import { findOpenRouterGeneration } from './find-generation.ts';
import type { Correlation, LlmPort, ModelCallOptions, ModelOutcome, ModelRequest, ModelTimeouts } from './port.ts';
import { createTransport } from './transport.ts';

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

/** Any server that speaks OpenAI's chat completions, through LangChain's client. One call, one request: no retries. */
export function createOpenAiCompatible(options: OpenAiCompatibleOptions): LlmPort {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const transport = createTransport();

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
    const watched = transport.fetchFor({
      connected: deadlines.connected,
      sent() {
        progress.reached = true;
      },
      answered() {
        progress.reached = true;
        progress.answered = true;
      },
    });

    try {
      if (!deadlines.cause()) {
        const model = createChatModel(request, {
          baseUrl,
          apiKey: options.apiKey,
          headers: { ...options.headers, ...correlationHeaders(correlation) },
          fetch: watched,
          timeoutMs: options.timeouts.totalMs + 1_000,
          extraBody: options.provider === 'openrouter' ? openRouterBody(request) : {},
        });
        // Not `.stream()`: around this same generator it joins all chunks once more, which costs CPU for every token,
        // doubles usage numbers, throws on members that it can't join, and reports prompts to a tracer when an
        // environment variable says so.
        const chunks = model._streamResponseChunks(
          toLangChainMessages(request.messages),
          callOptions(request, deadlines.signal),
        );
        for await (const chunk of chunks) {
          if (deadlines.cause()) break;
          if (!collector.push(chunk)) continue;
          deadlines.progressed();
          if (collector.hasOutput()) {
            progress.streamed = true;
            firstTokenMs ??= elapsed();
          }
        }
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
      transport.close();
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
