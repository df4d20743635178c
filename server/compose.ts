import { readPrompts } from '#graphs/prompts/registry.ts';
import { defineJobs } from '#jobs/index.ts';
import type { Logger } from 'winston';
import { createIdentity } from '#server/adapters/identity/create-identity.ts';
import { withCircuitBreaker } from '#server/adapters/llm/circuit-breaker.ts';
import { createLlm } from '#server/adapters/llm/create-llm.ts';
import { createMail } from '#server/adapters/mail/create-mail.ts';
import { createPayments } from '#server/adapters/payments/create-payments.ts';
import { createSearch } from '#server/adapters/search/create-search.ts';
import { createStorage } from '#server/adapters/storage/create-storage.ts';
import { createToolServers } from '#server/adapters/tool-server/create-tool-servers.ts';
import type { App } from '#server/app.ts';
import { createParser } from '#server/files/parse/create-parser.ts';
import { createRequestLimiter } from '#server/http/limit-requests.ts';
import { createCheckpointer } from '#server/platform/checkpointer.ts';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool } from '#server/platform/db.ts';
import type { Env } from '#server/platform/env.ts';
import { watchLoad } from '#server/platform/load.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { createQueue } from '#server/platform/queue.ts';
import { startTracing } from '#server/platform/tracing.ts';
import { createEventHub } from '#server/turns/event-hub.ts';
import { createEventWriter } from '#server/turns/event-writer.ts';
import { createStillSignedIn } from '#server/auth/still-signed-in.ts';
import { createRunner } from '#server/turns/runner.ts';

export type Composed = {
  app: App;
  /** Takes up work: events, jobs (unless the role is `web`), turns. */
  start(): Promise<void>;
  /** Hands over or finishes running turns within `graceMs`, then closes everything that `compose` opened. */
  close(graceMs: number): Promise<void>;
};

/** Builds the app on a migrated database. Nothing runs before `start`. */
export async function compose(env: Env, databaseUrl: string, log: Logger): Promise<Composed> {
  const onError = (error: Error) => log.warn('an idle database connection broke', { error });
  const metrics = createMetrics();
  const db = createPool(databaseUrl, { onError });
  const prisma = createPrisma(db);
  const checkpointer = createCheckpointer(databaseUrl, { onError });
  const queue = createQueue({ databaseUrl, log, metrics });
  const hub = createEventHub({ db, databaseUrl, log });
  const writer = createEventWriter({ db, hub, log });
  const mail = createMail(env, { db, log });
  const identity = createIdentity(env, { db, mail });
  const load = watchLoad(env);
  const llm = withCircuitBreaker(await createLlm(env, log), {
    onChange(model, open) {
      metrics.circuitsOpen.set({ model }, open ? 1 : 0);
      log[open ? 'error' : 'info'](open ? 'a model keeps failing and is spared' : 'a model answers again', { model });
    },
  });
  const payments = createPayments(env);
  const search = createSearch(env);
  const toolServers = createToolServers(env);
  const storage = createStorage(env);
  const parser = createParser({ atOnce: 2 });
  const tracer = await startTracing(env);
  const parts = {
    env,
    tracer,
    log,
    db,
    prisma,
    queue,
    metrics,
    load,
    llm,
    prompts: readPrompts(),
    mail,
    identity,
    payments,
    search,
    toolServers,
    storage,
    parser,
    checkpointer,
    limitRequests: createRequestLimiter(env),
    stillSignedIn: createStillSignedIn({ db }),
    hub,
    writer,
  };
  const app: App = { ...parts, runner: createRunner(parts) };
  defineJobs(app);

  return {
    app,
    async start() {
      await hub.start();
      await queue.start({ work: env.role !== 'web' });
      await app.runner.start();
      load.start();
    },
    async close(graceMs) {
      await Promise.all([app.runner.drain(graceMs), queue.stop(graceMs)]);
      load.stop();
      await tracer.close();
      await writer.close();
      await hub.close();
      await llm.close();
      await prisma.$disconnect();
      await checkpointer.end();
      await db.end();
    },
  };
}
