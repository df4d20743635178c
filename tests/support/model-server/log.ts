import { appendFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { lastMessage, structuredAsk, systemPrompt, type ChatBody, type WireMessage } from './behaviour.ts';

/** What the server knows of one chat request: the judge of what was called, served and left unfinished. */
export type LogEntry = {
  /** The generation id, as the reply carries it. */
  id: string;
  n: number;
  at: string;
  finishedAt: string | null;
  model: { requested: string; served: string };
  system: string;
  lastMessage: string;
  messages: WireMessage[];
  streamed: boolean;
  structured: 'json_schema' | 'tool' | null;
  tools: string[];
  maxTokens: number | null;
  /** The ids that came as headers. */
  requestId: string | null;
  traceparent: string | null;
  /** `aborted`: the client went away. `cut`, `failed`, `refused`: a rule wanted it so. */
  status: 'running' | 'completed' | 'aborted' | 'cut' | 'failed' | 'refused';
  httpStatus: number;
  tokensServed: number;
  usageSent: Record<string, unknown> | null;
};

/** Kept in memory; with a file, each finished request is a line of it as well. */
export function createRequestLog(file?: string) {
  const entries: LogEntry[] = [];
  let count = 0;
  // Ids differ between two servers of one test run.
  const run = Date.now().toString(36);
  return {
    open(body: ChatBody, headers: IncomingHttpHeaders): LogEntry {
      count += 1;
      const entry: LogEntry = {
        id: `gen-${run}-${count}`,
        n: count,
        at: new Date().toISOString(),
        finishedAt: null,
        model: { requested: body.model, served: body.model },
        system: systemPrompt(body),
        lastMessage: lastMessage(body),
        messages: body.messages,
        streamed: body.stream === true,
        structured: structuredAsk(body)?.via ?? null,
        tools: (body.tools ?? []).map((tool) => tool.function.name),
        maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
        requestId: headers['x-request-id']?.toString() ?? null,
        traceparent: headers['traceparent']?.toString() ?? null,
        status: 'running',
        httpStatus: 200,
        tokensServed: 0,
        usageSent: null,
      };
      entries.push(entry);
      return entry;
    },
    close(entry: LogEntry, finished: boolean): void {
      if (entry.finishedAt) return;
      entry.finishedAt = new Date().toISOString();
      if (entry.status === 'running') entry.status = finished ? 'completed' : 'aborted';
      // At once, so that a killed server has lost nothing.
      if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
    entries,
    find: (id: string) => entries.find((entry) => entry.id === id),
    clear: () => void entries.splice(0),
  };
}
