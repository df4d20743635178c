import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, ChatBody } from './behaviour.ts';
import { composeReply, tokenise, usageOf, type Reply } from './reply.ts';
import type { LogEntry } from './log.ts';

type Served = { body: ChatBody; behaviour: Behaviour; entry: LogEntry; response: ServerResponse; signal: AbortSignal };

/** Answers one chat completion as its behaviour says; the entry tells afterwards what was really sent. */
export async function serveChat(served: Served): Promise<void> {
  const { body, behaviour, entry, response, signal } = served;
  if (behaviour.headersDelayMs) await sleep(behaviour.headersDelayMs, undefined, { signal });
  if (behaviour.hang === 'headers') return hang(signal);
  if (behaviour.status)
    return refuse(served, behaviour.status, behaviour.errorMessage ?? `Scripted ${behaviour.status}`);
  if (behaviour.rejectResponseFormat && body.response_format) {
    return refuse(
      served,
      400,
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    );
  }
  const reply = composeReply(body, behaviour);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Infinity;
  entry.model.served = behaviour.servedModel ?? body.model;
  if (body.stream) return stream(served, reply, limit);

  if (behaviour.firstTokenDelayMs) await sleep(behaviour.firstTokenDelayMs, undefined, { signal });
  if (behaviour.hang) return hang(signal);
  const tokens = tokenise(reply.text).slice(0, limit);
  entry.tokensServed = tokens.length + countToolTokens(reply);
  entry.usageSent = usageOf(body, behaviour, entry.tokensServed);
  const message = {
    role: 'assistant',
    content: reply.text === '' ? null : tokens.join(''),
    ...(reply.toolCalls.length > 0 ? { tool_calls: reply.toolCalls.map(wireToolCall) } : {}),
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      ...envelope(entry, 'chat.completion'),
      choices: [{ index: 0, message, finish_reason: finishReason(behaviour, reply, tokens.length, limit) }],
      ...(entry.usageSent ? { usage: entry.usageSent } : {}),
    }),
  );
}

async function stream(
  { body, behaviour, entry, response, signal }: Served,
  reply: Reply,
  limit: number,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  // The constant parts of a token's event are made once: load tests run thousands of streams.
  const head = `data: ${JSON.stringify(envelope(entry, 'chat.completion.chunk')).slice(0, -1)},"choices":[{"index":0,"delta":`;
  const send = (delta: unknown, finish: string | null = null) =>
    response.write(`${head}${JSON.stringify(delta)},"finish_reason":${JSON.stringify(finish)}}]}\n\n`);
  response.flushHeaders();
  const comments = behaviour.commentEveryMs
    ? setInterval(() => response.write(': PROCESSING\n\n'), behaviour.commentEveryMs)
    : undefined;
  signal.addEventListener('abort', () => clearInterval(comments), { once: true });
  send({ role: 'assistant', content: '' });
  if (behaviour.firstTokenDelayMs) await sleep(behaviour.firstTokenDelayMs, undefined, { signal });
  if (behaviour.hang === 'first_token') return hang(signal);

  const deltas = [
    ...tokenise(reply.text).map((content): unknown => ({ content })),
    ...reply.toolCalls.flatMap(toolCallDeltas),
  ].slice(0, limit);
  const stopAt = behaviour.hang || behaviour.failMidStream ? (behaviour.afterTokens ?? 5) : Infinity;
  for (const delta of deltas) {
    if (entry.tokensServed >= stopAt) break;
    if (behaviour.tokenDelayMs) await sleep(behaviour.tokenDelayMs, undefined, { signal });
    send(delta);
    entry.tokensServed += 1;
  }
  if (behaviour.hang === 'mid_stream') return hang(signal);
  clearInterval(comments);
  switch (behaviour.failMidStream) {
    case 'cut':
      // What is written must leave before the connection breaks, or the client would see fewer tokens than the log says.
      await new Promise((resolve) => response.write('', resolve));
      await sleep(20);
      entry.status = 'cut';
      return void response.destroy();
    case 'error':
      entry.status = 'failed';
      response.end(
        `data: ${JSON.stringify({ ...envelope(entry, 'chat.completion.chunk'), error: { code: 502, message: behaviour.errorMessage ?? 'Scripted error in the stream' }, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] })}\n\n`,
      );
      return;
    case 'end':
      entry.status = 'cut';
      return void response.end();
    case undefined:
      break;
  }
  send({}, finishReason(behaviour, reply, entry.tokensServed, limit));
  if (body.stream_options?.include_usage) {
    entry.usageSent = usageOf(body, behaviour, entry.tokensServed);
    if (entry.usageSent) {
      const last = { ...envelope(entry, 'chat.completion.chunk'), choices: [], usage: entry.usageSent };
      response.write(`data: ${JSON.stringify(last)}\n\n`);
    }
  }
  response.end('data: [DONE]\n\n');
}

function refuse({ entry, response, behaviour }: Served, status: number, message: string): void {
  entry.status = 'refused';
  entry.httpStatus = status;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (behaviour.retryAfter !== undefined) headers['retry-after'] = String(behaviour.retryAfter);
  response.writeHead(status, headers).end(JSON.stringify({ error: { message, type: 'scripted', code: status } }));
}

/** Until the other side gives up. */
async function hang(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function envelope(entry: LogEntry, object: string): Record<string, unknown> {
  return { id: entry.id, object, created: Math.floor(Date.parse(entry.at) / 1000), model: entry.model.served };
}

function wireToolCall(call: Reply['toolCalls'][number]) {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

/** As providers do: the name first, then the arguments in pieces. */
function toolCallDeltas(call: Reply['toolCalls'][number], index: number): unknown[] {
  const pieces = call.arguments.match(/[\s\S]{1,12}/g) ?? [];
  return [
    { tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] },
    ...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ];
}

function countToolTokens(reply: Reply): number {
  return reply.toolCalls.reduce((sum, call, index) => sum + toolCallDeltas(call, index).length, 0);
}

function finishReason(behaviour: Behaviour, reply: Reply, served: number, limit: number): string {
  if (behaviour.finishReason) return behaviour.finishReason;
  if (served >= limit) return 'length';
  return reply.toolCalls.length > 0 ? 'tool_calls' : 'stop';
}
