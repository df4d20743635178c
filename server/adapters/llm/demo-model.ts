import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from './demo/words.ts';
import { replyTo } from './demo/reply-to.ts';
import { textOf, type DemoReply, type DemoRequest } from './demo/wire.ts';

export type DemoModelOptions = {
  /** Between two tokens; the default makes about 80 tokens a second. */
  tokenDelayMs?: number;
  firstTokenDelayMs?: number;
};

export type DemoModel = {
  /** Ends in `/v1`. */
  baseUrl: string;
  close(): Promise<void>;
};

/** The id that it lists and answers by, whatever model is asked for. */
export const DEMO_MODEL_ID = 'pantheon-offline-demo';

const MAX_BODY = 8 * 1024 * 1024;

/**
 * The model that answers when none is configured: a small server in this process that speaks OpenAI's protocol, so that
 * everything between a message and its bill works as with a real one. It says in every answer what it is.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const pace = { token: options.tokenDelayMs ?? 12, first: options.firstTokenDelayMs ?? 250 };
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    answer(request, response, pace, gone.signal).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Pace = { token: number; first: number };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case 'GET /v1/models':
      return json(response, 200, {
        object: 'list',
        data: [{ id: DEMO_MODEL_ID, object: 'model', owned_by: 'pantheon' }],
      });
    case 'POST /v1/chat/completions':
      break;
    default:
      return json(response, 404, { error: { message: 'Not found', code: 404 } });
  }
  const body = await readBody(request);
  if (!body) return json(response, 400, { error: { message: 'The body is not a chat request.', code: 400 } });
  const reply = replyTo(body);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Infinity;
  const pieces = tokenise(reply.toolCall ? reply.toolCall.arguments : reply.text);
  const served = pieces.slice(0, limit);
  const finish = served.length < pieces.length ? 'length' : reply.toolCall ? 'tool_calls' : 'stop';
  const base = { id: `demo-${hash(JSON.stringify(body)).toString(16)}`, created: now(), model: DEMO_MODEL_ID };
  const usage = usageOf(body, served.length);
  await sleep(pace.first, undefined, { signal });

  if (!body.stream) {
    const message = { role: 'assistant', ...wholeMessage(reply, served.join('')) };
    const choices = [{ index: 0, message, finish_reason: finish }];
    return json(response, 200, { ...base, object: 'chat.completion', choices, usage });
  }
  const send = (members: Record<string, unknown>) =>
    response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...members })}\n\n`);
  const delta = (content: unknown, finishReason: string | null = null) =>
    send({ choices: [{ index: 0, delta: content, finish_reason: finishReason }] });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  delta({ role: 'assistant', content: '' });
  if (reply.toolCall) {
    const call = {
      index: 0,
      id: callId(reply),
      type: 'function',
      function: { name: reply.toolCall.name, arguments: '' },
    };
    delta({ tool_calls: [call] });
  }
  for (const piece of served) {
    if (pace.token > 0) await sleep(pace.token, undefined, { signal });
    delta(reply.toolCall ? { tool_calls: [{ index: 0, function: { arguments: piece } }] } : { content: piece });
  }
  delta({}, finish);
  if (body.stream_options?.include_usage) send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function wholeMessage(reply: DemoReply, text: string): Record<string, unknown> {
  if (!reply.toolCall) return { content: text };
  const call = { id: callId(reply), type: 'function', function: { name: reply.toolCall.name, arguments: text } };
  return { content: null, tool_calls: [call] };
}

function callId(reply: DemoReply): string {
  return `call_${hash(JSON.stringify(reply.toolCall)).toString(16)}`;
}

/** Words and their trailing space, long ones in two: about what a real tokeniser makes of English. */
function tokenise(text: string): string[] {
  return text.match(/[^\s]{1,8}\s*|\s+/gu) ?? [];
}

/** From the second message of a conversation on, the instructions count as cached, as with a real provider. */
function usageOf(body: DemoRequest, completionTokens: number): Record<string, unknown> {
  const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / 4);
  const promptTokens = body.messages.reduce((sum, message) => sum + tokens(textOf(message)) + 4, 0);
  const again = body.messages.some((message) => message.role === 'assistant');
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: again ? tokens(textOf(body.messages[0])) : 0 },
  };
}

async function readBody(request: IncomingMessage): Promise<DemoRequest | null> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) {
    text += String(piece);
    if (text.length > MAX_BODY) return null;
  }
  try {
    const body = JSON.parse(text) as DemoRequest;
    return Array.isArray(body.messages) ? body : null;
  } catch {
    return null;
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
