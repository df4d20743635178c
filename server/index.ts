import { flushCompileCache } from 'node:module';
import type { Logger } from 'winston';
import { migrate } from '#prisma/migrate.ts';
import { seed } from '#prisma/seed.ts';
import { compose, type Composed } from '#server/compose.ts';
import { createServer } from '#server/http/create-server.ts';
import { listen, type Listening } from '#server/http/listen.ts';
import { openBuiltPages, openVitePages } from '#server/http/open-pages.ts';
import type { Env } from '#server/platform/env.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { createLogger } from '#server/platform/logger.ts';
import { openDatabase, type Database } from '#server/platform/open-database.ts';
import { startSentry, type Sentry } from '#server/platform/sentry.ts';
import { readOrMakeSessionSecret } from '#server/platform/session-secret.ts';
import { replayTombstones } from '#server/retention/replay-tombstones.ts';
import { readTombstones, tombstoneFile } from '#server/retention/tombstones.ts';
import { welcome } from '#server/welcome.ts';

/** Running turns get this long to end after SIGTERM; then they are handed over. */
const DRAIN_MS = 25_000;

type Opened = { sentry?: Sentry; http?: Listening; database?: Database; composed?: Composed };

/** The whole process: configuration, port, database, migrations, demo data, work, pages; and its end on SIGTERM or Ctrl-C. */
async function start({ hotReload }: { hotReload: boolean }): Promise<void> {
  const opened: Opened = {};
  let log: Logger | undefined;
  const life = { draining: false };
  try {
    const given = loadEnv();
    log = createLogger(given);
    endOnBug(log);
    let told = 0;
    const stop = () => {
      // Ctrl-C in a terminal arrives twice, from the terminal and from npm; only a later one is a second one.
      if (life.draining && Date.now() - told < 1_000) return;
      if (life.draining) process.exit(1);
      told = Date.now();
      life.draining = true;
      void shutDown(opened, log as Logger);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    opened.sentry = await startSentry(given, log);
    await open(opened, given, log, { hotReload, isDraining: () => life.draining });
  } catch (error) {
    if (life.draining) return;
    await sayWhyNot(error, log, opened);
    process.exit(1);
  }
}

async function open(
  opened: Opened,
  given: Env,
  log: Logger,
  { hotReload, isDraining }: { hotReload: boolean; isDraining: () => boolean },
): Promise<void> {
  const http = (opened.http = await listen(given));
  const env: Env = {
    ...given,
    port: http.port,
    appUrl: given.port === 0 ? given.appUrl.replace(/:0$/, `:${http.port}`) : given.appUrl,
    sessionSecret: given.sessionSecret ?? (await readOrMakeSessionSecret(given.dataDir)),
  };
  const database = (opened.database = await openDatabase(env, (line) => log.info(line)));
  const applied = await migrate(database.url);
  if (applied.length > 0) log.info('migrated the database', { applied });
  const composed = (opened.composed = await compose(env, database.url, log));
  if (!env.production) await seed(composed.app);
  await purgeRestored(composed.app);
  const pages = env.role === 'worker' ? null : await (hotReload ? openVitePages(http.server) : openBuiltPages());
  const handler = await createServer(composed.app, pages, isDraining);
  if (isDraining()) return;
  await composed.start();
  http.answerWith(handler);
  welcome(composed.app, database);
  // Where Node keeps what it compiled: a process that is killed would not write it at its end.
  flushCompileCache();
}

/** A database that was restored from a backup holds what was purged since: it goes again before anybody can see it. */
async function purgeRestored(app: Composed['app']): Promise<void> {
  const counts = await replayTombstones(app, await readTombstones(tombstoneFile(app.env)));
  if (Object.keys(counts).length > 0) app.log.warn('purged again what a restored backup had brought back', { counts });
}

async function shutDown({ http, composed, database, sentry }: Opened, log: Logger): Promise<void> {
  log.info('stopping: no new work, running turns get 25 s');
  try {
    http?.close();
    await composed?.close(DRAIN_MS);
    http?.closeAll();
    await database?.stop();
    log.info('stopped');
    await sentry?.close();
    process.exit(0);
  } catch (error) {
    log.error('stopping failed', { error });
    process.exit(1);
  }
}

/** A bug that nobody caught leaves unknown state behind: end, so that another process takes the turns over. */
function endOnBug(log: Logger): void {
  const end = (error: unknown) => {
    log.error('a bug ended this process', { error });
    setTimeout(() => process.exit(1), 200);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}

/** What a person can mend is said in words; a stack is only for what nobody foresaw. */
async function sayWhyNot(error: unknown, log: Logger | undefined, opened: Opened): Promise<void> {
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\nPantheon could not start.\n${words}\n`);
  log?.debug('start failed', { error });
  opened.http?.closeAll();
  await opened.composed?.close(0).catch(() => undefined);
  await opened.database?.stop().catch(() => undefined);
}

await start({ hotReload: process.argv.includes('--hot-reload') });
