import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '#tests/support/client.ts';
import type { ServerOptions, ServerProcess } from '#tests/support/server-process.ts';
import type { AnyClient } from './plays.ts';
import type { Stage } from './stage.ts';

/** Processes that come and go; whoever asks gets one that is there. */
export type Fleet = {
  readonly servers: ServerProcess[];
  launch(role?: ServerOptions['role']): Promise<ServerProcess>;
  anyClient: AnyClient;
  /** Kills one at a random moment at which it runs turns, and brings another up in its place meanwhile. Returns how many it ran. */
  killOneAtWork(): Promise<number>;
  /** Resolves when every process that was brought up is there. */
  complete(): Promise<void>;
};

export function createFleet(stage: Stage): Fleet {
  const clients = new Map<ServerProcess, Client>();
  let launching: Promise<unknown>[] = [];

  async function launch(role?: ServerOptions['role']): Promise<ServerProcess> {
    const server = await stage.start(role);
    clients.set(server, await stage.clientAt(server));
    return server;
  }

  async function findOneAtWork(): Promise<{ server: ServerProcess; running: number }> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      const server = pick([...clients.keys()]);
      if (server && (await turnsRunningIn(server)) > 0) {
        await sleep(Math.random() * 2_000);
        const running = await turnsRunningIn(server);
        if (running > 0) return { server, running };
      }
      await sleep(20);
    }
    throw new Error('Nobody has run a turn for two minutes.');
  }

  return {
    get servers() {
      return [...clients.keys()];
    },
    launch,
    async anyClient() {
      const deadline = Date.now() + 120_000;
      while (Date.now() < deadline) {
        const client = pick([...clients.values()]);
        if (client) return client;
        await sleep(50);
      }
      throw new Error('Nobody has been there for two minutes.');
    },
    async killOneAtWork() {
      const { server, running } = await findOneAtWork();
      clients.delete(server);
      await server.kill('SIGKILL');
      const next = launch();
      next.catch(() => undefined);
      launching.push(next);
      return running;
    },
    async complete() {
      const awaited = launching;
      launching = [];
      await Promise.all(awaited);
    },
  };
}

/** As it says itself on /metrics. */
export async function turnsRunningIn(server: ServerProcess): Promise<number> {
  const text = await fetch(`${server.url}/metrics`).then(
    (response) => response.text(),
    () => '',
  );
  return Number(/^turns_running (\d+)/m.exec(text)?.[1] ?? 0);
}

function pick<T>(from: T[]): T | undefined {
  return from[Math.floor(Math.random() * from.length)];
}
