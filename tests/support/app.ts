import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Pool } from 'pg';
import type { App } from '#server/app.ts';
import { admitUser } from '#server/auth/admit-user.ts';
import { sessionCookie } from '#server/auth/session-cookie.ts';
import { hashToken, newToken } from '#server/auth/token.ts';
import { compose } from '#server/compose.ts';
import { createServer } from '#server/http/create-server.ts';
import { listen } from '#server/http/listen.ts';
import { openBuiltPages } from '#server/http/open-pages.ts';
import { parseEnv } from '#server/platform/env.ts';
import { newId } from '#server/platform/ids.ts';
import { createLogger } from '#server/platform/logger.ts';
import { afterFile } from './after-file.ts';
import { createClient, type Client } from './client.ts';
import { ensureBuilt } from '../../scripts/ensure-built.ts';
import { startModelServer, type ModelServer, type ModelServerOptions } from './model-server.ts';
import { createTestDatabase } from './postgres.ts';

export type LogLine = { level: string; message: string; [field: string]: unknown };

export type TestApp = {
  url: string;
  app: App;
  db: Pool;
  databaseUrl: string;
  modelServer: ModelServer;
  /** What the app logged, from `debug` up. */
  logs: LogLine[];
  /** A client that is nobody yet. */
  client: () => Client;
  /** A user who is signed in, made without the detour over the mailbox. */
  createUser: (user?: NewUser) => Promise<TestUser>;
  /** Called by itself after the file's last test; earlier, to see what is left behind. */
  close: () => Promise<void>;
};

export type NewUser = { email?: string; microCredits?: bigint; plan?: string; role?: 'owner' | 'analyst' };
export type TestUser = { id: string; email: string; client: Client };

export type TestAppOptions = {
  env?: Record<string, string>;
  /** Another app's, for several processes on one database. */
  databaseUrl?: string;
  /** Another app's. */
  modelServer?: ModelServer;
  model?: ModelServerOptions;
};

/** Limits that a test would run into by being quick; a test about them sets them. */
const DEFAULTS = {
  NODE_ENV: 'test',
  PORT: '0',
  SESSION_SECRET: 'a secret that only tests share, long enough',
  LOG_LEVEL: 'debug',
  LLM_API_KEY: 'test-key',
  LIMIT_MAGIC_LINK_PER_ADDRESS: '1000',
  LIMIT_MAGIC_LINK_PER_IP: '1000',
};

/**
 * The product in this process: composed as `npm start` does, with the built pages, on a free port, on a database of its
 * own, and the scripted model server as its provider. Closed after the file's last test.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  await ensureBuilt();
  const modelServer = options.modelServer ?? (await startModelServer(options.model));
  const databaseUrl = options.databaseUrl ?? (await createTestDatabase()).url;
  const dataDir = await mkdtemp(join(tmpdir(), 'pantheon-app-'));
  const given = { ...DEFAULTS, DATA_DIR: dataDir, LLM_BASE_URL: modelServer.baseUrl, ...options.env };
  const listening = await listen(parseEnv({ APP_URL: 'http://localhost', ...given }));
  const url = `http://localhost:${listening.port}`;
  const env = parseEnv({ APP_URL: url, ...given, PORT: String(listening.port) });
  const { log, logs } = collectingLogger(env);
  const composed = await compose(env, databaseUrl, log);
  const { app } = composed;
  listening.answerWith(await createServer(app, env.role === 'worker' ? null : await openBuiltPages()));
  await composed.start();

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    listening.close();
    listening.closeAll();
    await composed.close(1_000);
    if (!options.modelServer) await modelServer.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  const closeOnce = () => (closing ??= close());
  afterFile(closeOnce);

  return {
    url,
    app,
    db: app.db,
    databaseUrl,
    modelServer,
    logs,
    client: () => createClient(url),
    createUser: (user) => createUser(app, url, user),
    close: closeOnce,
  };
}

async function createUser(app: App, url: string, user: NewUser = {}): Promise<TestUser> {
  const email = user.email ?? `${newId()}@example.com`;
  const token = newToken();
  const env = { ...app.env, signupMicroCredits: user.microCredits ?? app.env.signupMicroCredits };
  const id = await app.prisma.$transaction(async (tx) => {
    const { userId } = await admitUser(tx, { env }, { email });
    if (user.role) await tx.adminUser.create({ data: { userId, roleId: user.role } });
    if (user.plan) {
      await tx.subscription.create({ data: { id: newId(), userId, planId: user.plan, status: 'active' } });
    }
    await tx.session.create({
      data: { id: newId(), tokenHash: hashToken(token), userId, expiresAt: new Date(Date.now() + 86_400_000) },
    });
    return userId;
  });
  return { id, email, client: createClient(url, { cookie: await sessionCookie(app, token) }) };
}

function collectingLogger(env: App['env']): { log: App['log']; logs: LogLine[] } {
  const logs: LogLine[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logs.push(JSON.parse(chunk.toString()) as LogLine);
      done();
    },
  });
  return { log: createLogger(env, stream), logs };
}
