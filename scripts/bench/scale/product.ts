import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startServer, type ServerProcess } from '../../../tests/support/server-process.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../../tests/support/test-cluster.ts';

export type Product = {
  databaseUrl: string;
  db: pg.Pool;
  server: ServerProcess;
  /** Megabytes of the process now, and the most it has had. */
  memory(): Promise<{ now: number; peak: number }>;
  /** One of the process's metrics. */
  metric(name: string): Promise<number>;
  close(): Promise<void>;
};

/** The product drains for 25 s at most when it is asked to end. */
const END_MS = 40_000;

/**
 * The product in a process of its own, on a PostgreSQL that syncs to disk; `prepare` has the empty database first. Nothing of it is
 * left when that fails, nor after `close`.
 */
export async function startProduct(
  env: Record<string, string>,
  prepare: (db: pg.Pool, databaseUrl: string) => Promise<void> = () => Promise.resolve(),
): Promise<Product> {
  const cluster = await startTestCluster({
    fast: false,
    socket: true,
    settings: { shared_buffers: '1GB', max_wal_size: '8GB', maintenance_work_mem: '512MB' },
  });
  const databaseUrl = urlOf(cluster.adminUrl, 'bench');
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  db.on('error', () => undefined); // PostgreSQL's end may reach an idle connection before the pool's does.
  const end = async () => {
    await db.end();
    await cluster.stop();
  };
  try {
    await createDatabase(cluster.adminUrl);
    await prepare(db, databaseUrl);
    return productOf(databaseUrl, db, await startServer({ databaseUrl, env }), end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE}`);
  } finally {
    await admin.end();
  }
}

function productOf(databaseUrl: string, db: pg.Pool, server: ServerProcess, end: () => Promise<void>): Product {
  return {
    databaseUrl,
    db,
    server,
    async memory() {
      const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
      const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024;
      return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
    },
    async metric(name) {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    },
    async close() {
      await Promise.race([server.kill('SIGTERM'), sleep(END_MS, undefined, { ref: false })]);
      await server.close();
      await end();
    },
  };
}

export function percentile(figures: number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
