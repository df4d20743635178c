/**
 * The one way to a model. An implementation must not retry, must not throw for provider failures
 * (they are outcomes), and must stop the upstream request as soon as `signal` aborts.
 */
export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolRequest[] }
  | { role: 'tool'; toolCallId: string; content: string };

/** `arguments` is the model's text, unparsed: it is untrusted. */
export type ToolRequest = { id: string; name: string; arguments: string };

export type ToolDefinition = { name: string; description: string; parameters: Record<string, unknown> };

export type ModelRequest = {
  /** The provider's id of the model. */
  model: string;
  messages: ChatMessage[];
  maxOutputTokens: number;
  tools?: ToolDefinition[];
  /** Asks for JSON of this shape; `via` is how: `response_format` or, where a model lacks it, a forced tool call. */
  structured?: { name: string; schema: Record<string, unknown>; via: 'json_schema' | 'tool' };
};

export type ModelCallOptions = {
  signal: AbortSignal;
  /** Called synchronously with each piece of text as it arrives. Never called after the promise settled. */
  onText?: (text: string) => void;
  /** Ids that go along as headers, so that the provider's log can be laid beside ours. */
  correlation?: Correlation;
};

/** `traceparent` is W3C's; null while nothing is traced. */
export type Correlation = { requestId: string | null; traceparent: string | null };

/** As the provider said it, checked for sense; `quarantined` when it was absurd (then the counts are 0). */
export type ProviderUsage = {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  /** USD, or null when the provider doesn't say. */
  costUsd: number | null;
  source: 'provider' | 'estimated' | 'quarantined';
};

export type ModelFailureCode =
  | 'aborted'
  | 'connect_timeout'
  | 'first_token_timeout'
  | 'idle_timeout'
  | 'total_timeout'
  | 'network'
  | 'rate_limited'
  | 'overloaded'
  | 'provider_error'
  | 'refused_request'
  | 'auth'
  | 'stream_error'
  | 'unsupported_format'
  /** Not asked: it kept failing. */
  | 'circuit_open';

export type ModelOutcome = {
  /** What arrived, also when it failed half-way. */
  text: string;
  toolCalls: ToolRequest[];
  /** `failed` carries `failure`; text that arrived before it is kept. */
  status: 'ok' | 'failed';
  finishReason: string | null;
  failure?: {
    code: ModelFailureCode;
    /** Plain words for a person; no key, no URL, no prompt. */
    message: string;
    httpStatus: number | null;
    /** True when the same request may succeed later and nothing was streamed. */
    retryable: boolean;
    retryAfterMs: number | null;
  };
  /**
   * Whether the provider may have seen the request: false only when it never left, because no connection was made or the
   * call was stopped before it was sent.
   */
  reached: boolean;
  usage: ProviderUsage;
  servedModel: string | null;
  /** The provider's id of this generation, for reconciliation. */
  requestId: string | null;
  firstTokenMs: number | null;
  latencyMs: number;
};

export type LlmPort = {
  /** `openrouter`, `openai-compatible` or `demo`; recorded as llm_call_events.provider. */
  readonly provider: string;
  /** The provider's model id for an alias: LLM_MODEL_<ALIAS>, else LLM_MODEL, else the given default (the pricing version's). */
  resolveModel(alias: string, fromPricing: string): string;
  callModel(request: ModelRequest, options: ModelCallOptions): Promise<ModelOutcome>;
  /**
   * What became of a call whose outcome was lost in a crash, or null when the provider can't say.
   * Only OpenRouter can (`GET /generation?id=`), and only if the id was seen.
   */
  findGeneration(requestId: string): Promise<ProviderUsage | null>;
  close(): Promise<void>;
};

export type ModelTimeouts = { connectMs: number; firstTokenMs: number; idleMs: number; totalMs: number };
