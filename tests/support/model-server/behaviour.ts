/** What the scripted model server does with one request. Everything is optional: none of it is a plain, good reply. */
export type Behaviour = {
  /** The reply; each word with its trailing space is one token and one SSE event. Default: words derived from the request. */
  text?: string;
  /** Length of the derived reply in tokens (default 24); ignored when `text` is given. */
  tokens?: number;
  tokenDelayMs?: number;
  headersDelayMs?: number;
  firstTokenDelayMs?: number;
  toolCalls?: { name: string; arguments: unknown }[];
  /** The structured reply, instead of one made from the schema. */
  json?: unknown;
  /** A structured reply that names an agent that doesn't exist. */
  invalidPlan?: boolean;
  /** Counts that replace the true ones, however absurd; null leaves the usage out altogether. */
  usage?: Record<string, unknown> | null;
  cachedTokens?: number;
  /** USD, sent as OpenRouter does in `usage.cost`. */
  cost?: number;
  servedModel?: string;
  finishReason?: string;
  /** An HTTP error instead of a reply. */
  status?: number;
  retryAfter?: number | string;
  errorMessage?: string;
  /** Answers 400 to a request with `response_format`. */
  rejectResponseFormat?: boolean;
  /** Stops doing anything at this point and keeps the connection open. */
  hang?: 'headers' | 'first_token' | 'mid_stream';
  /** With `hang: 'mid_stream'`, and for the three below: how many tokens come first (default 5). */
  afterTokens?: number;
  /** In mid-stream: breaks the connection, sends an error event, or ends cleanly without finish_reason and [DONE]. */
  failMidStream?: 'cut' | 'error' | 'end';
  /** Sends comment lines, as OpenRouter does, this often while nothing else is sent. */
  commentEveryMs?: number;
};

/** Strings match as substrings, or as regular expressions when written `/…/flags`. All that are given must match. */
export type Match = {
  model?: string;
  system?: string;
  lastMessage?: string;
  anyMessage?: string;
  structured?: boolean;
  tools?: boolean;
};

/** The first rule that matches and has uses left decides. `times` limits its uses, `skip` lets that many matches pass first. */
export type Rule = { match?: Match; times?: number; skip?: number; behaviour: Behaviour };

export type WireMessage = {
  role: string;
  content: string | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
};
export type WireTool = { type: 'function'; function: { name: string; description?: string; parameters?: JsonSchema } };
export type JsonSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
};

/** The body of `POST /v1/chat/completions`, as far as anyone looks at it. */
export type ChatBody = {
  model: string;
  messages: WireMessage[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
  tools?: WireTool[];
  tool_choice?: string | { type: 'function'; function: { name: string } };
  response_format?: { type: string; json_schema?: { name: string; strict?: boolean; schema: JsonSchema } };
};

export type StructuredAsk = { via: 'json_schema' | 'tool'; name: string; schema: JsonSchema };

export function structuredAsk(body: ChatBody): StructuredAsk | null {
  const format = body.response_format;
  if (format?.type === 'json_schema' && format.json_schema) {
    return { via: 'json_schema', name: format.json_schema.name, schema: format.json_schema.schema };
  }
  if (typeof body.tool_choice !== 'object') return null;
  const name = body.tool_choice.function.name;
  const tool = body.tools?.find((candidate) => candidate.function.name === name);
  return tool ? { via: 'tool', name, schema: tool.function.parameters ?? {} } : null;
}

export function systemPrompt(body: ChatBody): string {
  return body.messages
    .filter((message) => message.role === 'system' || message.role === 'developer')
    .map((message) => message.content ?? '')
    .join('\n');
}

export function lastMessage(body: ChatBody): string {
  return body.messages.at(-1)?.content ?? '';
}

/** A rule list with its use counts: replaced as a whole over the control endpoint. */
export function createRuleBook(initial: Rule[] = []) {
  let entries: { rule: Rule; matched: number }[] = [];
  const replace = (rules: Rule[]) => {
    entries = rules.map((rule) => ({ rule, matched: 0 }));
  };
  replace(initial);
  return {
    replace,
    add: (rules: Rule[]) => void entries.push(...rules.map((rule) => ({ rule, matched: 0 }))),
    list: () => entries.map((entry) => ({ ...entry.rule, matched: entry.matched })),
    behaviourFor(body: ChatBody): Behaviour {
      for (const entry of entries) {
        if (!matches(entry.rule.match ?? {}, body)) continue;
        entry.matched += 1;
        const use = entry.matched - (entry.rule.skip ?? 0);
        if (use >= 1 && use <= (entry.rule.times ?? Infinity)) return entry.rule.behaviour;
      }
      return {};
    },
  };
}

function matches(match: Match, body: ChatBody): boolean {
  return (
    (match.model === undefined || fits(match.model, body.model)) &&
    (match.system === undefined || fits(match.system, systemPrompt(body))) &&
    (match.lastMessage === undefined || fits(match.lastMessage, lastMessage(body))) &&
    (match.anyMessage === undefined ||
      body.messages.some((message) => fits(match.anyMessage as string, message.content ?? ''))) &&
    (match.structured === undefined || match.structured === (structuredAsk(body) !== null)) &&
    (match.tools === undefined || match.tools === (body.tools ?? []).length > 0)
  );
}

function fits(pattern: string, text: string): boolean {
  const expression = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  return expression ? new RegExp(expression[1] ?? '', expression[2]).test(text) : text.includes(pattern);
}
