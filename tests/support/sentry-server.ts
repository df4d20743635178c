import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SentryServer = {
  /** For SENTRY_DSN. */
  dsn: string;
  origin: string;
  /** The bodies that came, whole. */
  received: string[];
  /** The events in them. */
  events(): SentryEvent[];
  close(): Promise<void>;
};

export type SentryEvent = {
  exception: { values: { type: string; value: string; stacktrace?: { frames: { filename: string }[] } }[] };
  tags: Record<string, string>;
};

/** Takes what Sentry's SDKs send, as its ingest does, from servers and from browsers. */
export async function startSentryServer(): Promise<SentryServer> {
  const received: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      if (body !== '') received.push(body);
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader('Access-Control-Allow-Headers', '*');
      res.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://key@127.0.0.1:${port}/7`,
    origin: `http://127.0.0.1:${port}`,
    received,
    events: () =>
      received
        .flatMap((body) => body.split('\n'))
        .filter((line) => line.includes('"exception"'))
        .map((line) => JSON.parse(line) as SentryEvent),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
