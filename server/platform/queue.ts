import pg from 'pg';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { Logger } from 'winston';
import type { ZodType } from 'zod';
import type { Tx } from '#server/platform/db.ts';
import { createJobWorker, type JobWorker } from '#server/platform/job-worker.ts';
import type { Metrics } from '#server/platform/metrics.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

/** Payloads hold ids, never content: they outlive what they name. */
export type JobOptions = {
  /** Default 5, with growing pauses from 5 s. A handler must be harmless when it runs twice. */
  retryLimit?: number;
  retryDelaySeconds?: number;
  /** An attempt that takes longer is given up and tried again. Default 15 minutes. */
  expireInSeconds?: number;
  /** How many run at once in one process. Default 4. */
  concurrency?: number;
  /** Five fields, UTC. The payload is then `{}`. */
  cron?: string;
  /** `short`: at most one job waits per key (of `send`), so that repeated rings become one. */
  policy?: 'standard' | 'short';
};

export type JobHandler<P> = (payload: P, job: { id: string; signal: AbortSignal }) => Promise<void>;

export type SendOptions = {
  /** Sends as part of this transaction (of `app.db` or of Prisma): the job exists if and when it commits. */
  tx?: Tx | Prisma.TransactionClient;
  /** With policy `short`. */
  key?: string;
  startAfterSeconds?: number;
};

export type Queue = {
  /** Before `start`. */
  define<P extends object>(name: string, payload: ZodType<P>, options: JobOptions, handler: JobHandler<P>): void;
  send(name: string, payload: object, options?: SendOptions): Promise<void>;
  /** One more attempt, at once, for a job that failed for good; nothing for any other. */
  retry(name: string, jobId: string, tx: Tx): Promise<void>;
  /** Deletes a job, whatever its state. */
  discard(name: string, jobId: string, tx: Tx): Promise<void>;
  /** With `work: false` this process only sends. */
  start(options: { work: boolean }): Promise<void>;
  /** Takes no more jobs, gives running ones `graceMs`, then aborts them; their retries go elsewhere. */
  stop(graceMs: number): Promise<void>;
  depths(): Promise<{ queue: string; state: string; count: number }[]>;
};

type Definition = { name: string; payload: ZodType<object>; options: JobOptions; handler: JobHandler<object> };

/** Every job that is sent rings here when its transaction commits; workers also look by themselves. */
const CHANNEL = 'pantheon_jobs';

export function createQueue(given: { databaseUrl: string; log: Logger; metrics: Metrics }): Queue {
  const { databaseUrl, log, metrics } = given;
  const definitions = new Map<string, Definition>();
  const workers: JobWorker[] = [];
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: 'pgboss',
    application_name: 'pantheon-jobs',
    max: 4,
    migrate: false,
    createSchema: false,
  });
  boss.on('error', (error) => log.error('the job queue has a problem', { error }));
  let listener: pg.Client | null = null;
  let stopped = false;

  async function listen(): Promise<void> {
    if (stopped) return;
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'pantheon-jobs', keepAlive: true });
    const again = () => {
      if (listener !== client) return;
      listener = null;
      setTimeout(() => void listen(), 1_000).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload }) => {
      for (const worker of workers) if (worker.name === payload) worker.wake();
    });
    listener = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      again();
    }
  }

  return {
    define(name, payload, options, handler) {
      definitions.set(name, { name, payload, options, handler: handler as JobHandler<object> });
    },

    async send(name, payload, { tx, key, startAfterSeconds } = {}) {
      const definition = definitions.get(name);
      if (!definition) throw new Error(`No job is called ${name}.`);
      const data = definition.payload.parse(payload);
      const db = tx && databaseOf(tx);
      const options = {
        ...(db ? { db } : {}),
        ...(key === undefined ? {} : { singletonKey: key }),
        ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
      };
      await boss.send(name, data, options);
      // As text: Prisma can't read a column of type void.
      await (db ?? boss.getDb()).executeSql('SELECT pg_notify($1, $2)::text', [CHANNEL, name]);
    },

    async retry(name, jobId, tx) {
      const db = databaseOf(tx);
      await boss.retry(name, jobId, { db });
      await db.executeSql('SELECT pg_notify($1, $2)::text', [CHANNEL, name]);
    },

    async discard(name, jobId, tx) {
      await boss.deleteJob(name, jobId, { db: databaseOf(tx) });
    },

    async start({ work }) {
      await boss.start();
      for (const definition of definitions.values()) {
        await declare(boss, definition);
        if (work) workers.push(createJobWorker({ boss, log, metrics, ...definition }));
      }
      if (!work) return;
      await listen();
      for (const worker of workers) worker.start();
    },

    async stop(graceMs) {
      stopped = true;
      await Promise.all(workers.map((worker) => worker.stop(graceMs)));
      const client = listener;
      listener = null;
      await client?.end().catch(() => undefined);
      await boss.stop({ graceful: false });
    },

    async depths() {
      const { rows } = await boss.getDb().executeSql(
        `SELECT name AS queue, state::text, count(*)::int AS count FROM pgboss.job
         WHERE state IN ('created', 'retry', 'active', 'failed') GROUP BY 1, 2`,
      );
      return rows as { queue: string; state: string; count: number }[];
    },
  };
}

async function declare(boss: PgBoss, { name, options }: Definition): Promise<void> {
  const settings = {
    retryLimit: options.retryLimit ?? 5,
    retryDelay: options.retryDelaySeconds ?? 5,
    retryBackoff: true,
    retryDelayMax: 3_600,
    expireInSeconds: options.expireInSeconds ?? 900,
    // A worker that was killed is noticed by its silence.
    heartbeatSeconds: 30,
    deleteAfterSeconds: 7 * 24 * 3_600,
  };
  await boss.createQueue(name, { ...settings, policy: options.policy ?? 'standard' });
  await boss.updateQueue(name, settings);
  if (options.cron === undefined) await boss.unschedule(name);
  else await boss.schedule(name, options.cron, {}, { tz: 'UTC' });
}

function databaseOf(tx: Tx | Prisma.TransactionClient) {
  if ('$queryRawUnsafe' in tx) return fromPrisma(tx);
  return { executeSql: (text: string, values?: unknown[]) => tx.query(text, values) };
}
