/** Speaks Tavily's `POST /search` over HTTP and keeps a log of what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SearchHit = { title: string; url: string; content: string; score?: number };

export type SearchServer = {
  url: string;
  apiKey: string;
  /** Every request that came in, to whatever path. */
  requests: readonly { method: string; path: string; authorization: string; body: Record<string, unknown> }[];
  /** What it answers from now on, by query. */
  answerWith(answer: SearchHit[] | ((query: string) => SearchHit[])): void;
  /** The next `times` answers: a status, `hang` or `garbage`. */
  fail(how: number | 'hang' | 'garbage' | 'cut', times?: number, headers?: Record<string, string>): void;
  /** Leaves this query unanswered; null ends that. */
  hangOn(query: string | null): void;
  /** How many requests were hung up on before they were answered. */
  abandoned(): number;
  close(): Promise<void>;
};

export async function startSearchServer(): Promise<SearchServer> {
  const apiKey = 'tvly-test-key';
  const requests: SearchServer['requests'][number][] = [];
  let answer: (query: string) => SearchHit[] = (query) => [
    { title: `About ${query}`, url: 'https://news.example/a', content: `What is known of ${query}.`, score: 0.9 },
  ];
  let failures: { how: number | 'hang' | 'garbage' | 'cut'; headers: Record<string, string> }[] = [];
  let abandoned = 0;
  let silentOn: string | null = null;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await request.setEncoding('utf8').toArray()).join('') || '{}') as Record<string, unknown>;
    const authorization = request.headers.authorization ?? '';
    requests.push({ method: request.method ?? '', path: request.url ?? '', authorization, body });
    response.on('close', () => (abandoned += response.writableFinished ? 0 : 1));
    const failure = failures.shift();
    if (failure?.how === 'hang' || (silentOn !== null && body['query'] === silentOn)) return;
    if (failure?.how === 'garbage') return void response.writeHead(200).end('<h1>hello</h1>');
    if (failure?.how === 'cut') {
      response.writeHead(200, { 'Content-Length': '1000' }).write('{"results":');
      setTimeout(() => response.destroy(), 10);
      return;
    }
    if (failure) return json(response, failure.how, { detail: { error: 'no' } }, failure.headers);
    if (authorization !== `Bearer ${apiKey}`) return json(response, 401, { detail: { error: 'Unauthorized' } });
    if (request.method !== 'POST' || request.url !== '/search') return json(response, 404, {});
    json(response, 200, { query: body['query'], results: answer(String(body['query'])), response_time: 0.1 });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    requests,
    answerWith: (next) => void (answer = typeof next === 'function' ? next : () => next),
    fail: (how, times = 1, headers = {}) => void (failures = Array.from({ length: times }, () => ({ how, headers }))),
    hangOn: (query) => void (silentOn = query),
    abandoned: () => abandoned,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
