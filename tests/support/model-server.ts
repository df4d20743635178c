/**
 * A model provider that does what a test tells it to, over real HTTP in OpenAI's protocol, and keeps a log of every request.
 * In-process: `startModelServer({ rules })`. As a process of its own: `node tests/support/model-server.ts --port 4010
 * --log calls.jsonl --rules rules.json --models a,b`; then `PUT /_control/rules` (a list of rules), `POST` (adds to it),
 * `DELETE`, and `GET` or `DELETE /_control/log`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createRuleBook, type Behaviour, type ChatBody, type Rule } from './model-server/behaviour.ts';
import { createRequestLog, type LogEntry } from './model-server/log.ts';
import { serveChat } from './model-server/serve-chat.ts';

export type ModelServerOptions = {
  port?: number;
  rules?: Rule[];
  /** Asked first; what it leaves undefined is for the rules. */
  behave?: (body: ChatBody, n: number) => Behaviour | undefined;
  /** What `/v1/models` lists. */
  models?: string[];
  /** Also write finished requests to this file, one JSON a line. */
  logFile?: string;
  /** Applies where neither a rule nor `behave` says otherwise. */
  defaults?: Behaviour;
  /** Refuse other bearer tokens than this. */
  apiKey?: string;
};

export type ModelServer = {
  /** Ends in `/v1`. */
  baseUrl: string;
  /** Without `/v1`, for `/_control/…`. */
  origin: string;
  port: number;
  /** Live: entries change as their requests go on. */
  log: readonly LogEntry[];
  setRules(rules: Rule[]): void;
  clearLog(): void;
  /** Resolves when every request that came in is finished. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const rules = createRuleBook(options.rules);
  const log = createRequestLog(options.logFile);
  const models = options.models ?? ['test-model', 'test-model-large'];

  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    void route(request, response).catch(() => response.destroy());
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/_control/')) return control(url.pathname, request, response);
    if (options.apiKey && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return json(response, 401, { error: { message: 'Invalid API key', code: 401 } });
    }
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /v1/models':
        return json(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
      case 'GET /v1/generation':
        return generation(url.searchParams.get('id') ?? '', response);
      case 'POST /v1/chat/completions':
        return chat(JSON.parse(await read(request)) as ChatBody, request, response);
      default:
        return json(response, 404, { error: { message: 'No such address', code: 404 } });
    }
  }

  async function chat(body: ChatBody, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = log.open(body, headers);
    const gone = new AbortController();
    response.on('close', () => {
      log.close(entry, response.writableFinished);
      gone.abort();
    });
    const behaviour = { ...options.defaults, ...(options.behave?.(body, entry.n) ?? rules.behaviourFor(body)) };
    await serveChat({ body, behaviour, entry, response, signal: gone.signal }).catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
  }

  async function control(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${path}`) {
      case 'GET /_control/log':
        return json(response, 200, { items: log.entries });
      case 'DELETE /_control/log':
        log.clear();
        return json(response, 200, {});
      case 'GET /_control/rules':
        return json(response, 200, { items: rules.list() });
      case 'PUT /_control/rules':
        rules.replace(JSON.parse(await read(request)) as Rule[]);
        return json(response, 200, { items: rules.list() });
      case 'POST /_control/rules':
        rules.add(JSON.parse(await read(request)) as Rule[]);
        return json(response, 200, { items: rules.list() });
      case 'DELETE /_control/rules':
        rules.replace([]);
        return json(response, 200, { items: [] });
      default:
        return json(response, 404, { error: { message: 'No such control', code: 404 } });
    }
  }

  /** OpenRouter's account of one generation; it bills what it served, also when the client went away. */
  function generation(id: string, response: ServerResponse): void {
    const entry = log.find(id);
    if (!entry?.finishedAt) return json(response, 404, { error: { message: 'Generation not found', code: 404 } });
    const usage = entry.usageSent as { prompt_tokens?: number; cost?: number } | null;
    json(response, 200, {
      data: {
        id,
        model: entry.model.served,
        native_tokens_prompt: usage?.prompt_tokens ?? 0,
        native_tokens_completion: entry.tokensServed,
        native_tokens_cached: 0,
        total_cost: usage?.cost ?? 0,
      },
    });
  }

  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: 2048 }, resolve);
  });
  const port = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${port}`;
  return {
    baseUrl: `${origin}/v1`,
    origin,
    port,
    log: log.entries,
    setRules: rules.replace,
    clearLog: log.clear,
    async settled() {
      while (log.entries.some((entry) => entry.status === 'running' || entry.finishedAt === null)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** By events, not by `for await`: that loses a whole request when its sender hangs up right after it. */
function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (text += piece));
    request.on('end', () => resolve(text));
    request.on('error', reject);
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      log: { type: 'string' },
      rules: { type: 'string' },
      models: { type: 'string' },
    },
  });
  const server = await startModelServer({
    port: Number(values.port),
    ...(values.log ? { logFile: values.log } : {}),
    ...(values.rules ? { rules: JSON.parse(readFileSync(values.rules, 'utf8')) as Rule[] } : {}),
    ...(values.models ? { models: values.models.split(',') } : {}),
  });
  process.stdout.write(`${JSON.stringify({ baseUrl: server.baseUrl, port: server.port })}\n`);
}
