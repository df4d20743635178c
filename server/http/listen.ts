import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Env } from '#server/platform/env.ts';

export type Listening = {
  port: number;
  /** The first server: Vite shares its socket. */
  server: Server;
  /** Until this is called every request is answered 503: the port is taken first, so that a taken one is known at once. */
  answerWith(listener: RequestListener): void;
  /** Accepts nothing more; idle connections end now, busy ones when they have answered. */
  close(): void;
  /** Ends what is still open. */
  closeAll(): void;
};

/** Longer than proxies and clients keep a quiet connection (60 s is usual): who ends it first must not be the one that is asked. */
const QUIET_MS = 65_000;

/**
 * Takes the HTTP port. Development listens on this machine only, since the mailbox page hands out sign-in links, unless
 * APP_URL names another host.
 */
export async function listen(env: Pick<Env, 'port' | 'appUrl' | 'production'>): Promise<Listening> {
  let current: RequestListener = (_req, res) => {
    res.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Starting\n');
  };
  const hosts = env.production || !isThisMachine(env.appUrl) ? [undefined] : ['127.0.0.1', '::1'];
  const servers: Server[] = [];
  let closing = false;
  let { port } = env;
  for (const host of hosts) {
    const server = createServer({ keepAliveTimeout: QUIET_MS }, (req, res) => {
      // Once it has answered it is idle, and would stay as long as idle ones may.
      res.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
      current(req, res);
    });
    try {
      await bind(server, port, host);
    } catch (error) {
      if (host === '::1' && codeOf(error) !== 'EADDRINUSE') continue;
      for (const other of servers) other.close();
      throw explain(error, port);
    }
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  const [first] = servers;
  if (!first) throw new Error('There is no address to listen on.');
  return {
    port,
    server: first,
    answerWith(listener) {
      current = listener;
    },
    close() {
      closing = true;
      for (const server of servers) {
        server.close();
        server.closeIdleConnections();
      }
    },
    closeAll() {
      for (const server of servers) server.closeAllConnections();
    },
  };
}

function bind(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isThisMachine(appUrl: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(appUrl).hostname);
}

function explain(error: unknown, port: number): Error {
  if (codeOf(error) === 'EADDRINUSE') {
    return new Error(
      `Port ${port} is taken by another program. End it, or choose another port: PORT=${port + 1} npm start`,
      {
        cause: error,
      },
    );
  }
  if (codeOf(error) === 'EACCES') {
    return new Error(
      `Port ${port} needs rights that this user doesn’t have. Choose one above 1023: PORT=3000 npm start`,
      {
        cause: error,
      },
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
