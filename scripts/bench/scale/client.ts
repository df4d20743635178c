import { Agent, request, type ClientRequest } from 'node:http';
import type { Headers } from '../turns/pantheon.ts';

/** So long may nothing come on a connection. */
const SILENCE_MS = 30_000;

export type Asked = { headers: Headers; method?: string; body?: unknown };
/** What came of a request: its answer, or why there is none. Whoever asks counts it; nothing is thrown. */
export type Answer = { status: number; text: string; failure?: undefined } | { failure: string };

export type LoadClient = {
  ask(path: string, asked: Asked): Promise<Answer>;
  /** The same for an answer that is read while it comes; its text is given piece by piece and not kept. */
  read(path: string, asked: Asked, onText: (text: string) => void): Promise<Answer>;
  /** Ends what is still under way, each with a failure of its own, and lets go of the connections. */
  close(): void;
};

/**
 * Asks as a load generator does: over so many connections that are kept and no more, whatever the number of requests. What finds
 * none free waits here, which a latency that is measured from when the request was due includes.
 */
export function createLoadClient(origin: string, connections: number): LoadClient {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const underWay = new Set<ClientRequest>();

  function send(path: string, { headers, method = 'GET', body }: Asked, onText?: (text: string) => void) {
    return new Promise<Answer>((resolve) => {
      const content = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      const length = content === undefined ? {} : { 'Content-Length': Buffer.byteLength(content) };
      const asking = request({ agent, hostname, port, path, method, headers: { ...headers, ...length } });
      underWay.add(asking);
      const end = (answer: Answer) => {
        underWay.delete(asking);
        resolve(answer);
      };
      const fail = (error: NodeJS.ErrnoException) => end({ failure: error.code ?? error.message });
      asking.setTimeout(SILENCE_MS, () => asking.destroy(new Error(`silent for ${SILENCE_MS / 1_000} s`)));
      asking.once('error', fail);
      asking.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          if (onText) onText(piece);
          else text += piece;
        });
        response.once('error', fail);
        response.once('end', () => end({ status: response.statusCode ?? 0, text }));
      });
      asking.end(content);
    });
  }

  return {
    ask: (path, asked) => send(path, asked),
    read: send,
    close() {
      for (const asking of underWay) asking.destroy(new Error('not answered when the bench ended'));
      agent.destroy();
    },
  };
}
