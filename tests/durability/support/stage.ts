import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Pool } from 'pg';
import { createPool } from '#server/platform/db.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { createClient, signIn, unexpected, type Client } from '#tests/support/client.ts';
import { checkInvariants, type InvariantReport } from '#tests/support/invariants.ts';
import { startModelProcess, type ModelProcess } from '#tests/support/model-process.ts';
import type { Rule } from '#tests/support/model-server/behaviour.ts';
import { createDatabaseOn } from '#tests/support/postgres.ts';
import { startServer, temporaryFolder, type ServerOptions, type ServerProcess } from '#tests/support/server-process.ts';
import { startTestCluster, type TestCluster } from '#tests/support/test-cluster.ts';

/** A deployment: one database, one model provider, and as many processes of the product as a test starts. */
export type Stage = {
  db: Pool;
  cluster: TestCluster;
  model: ModelProcess;
  start(role?: ServerOptions['role'], env?: Record<string, string>): Promise<ServerProcess>;
  /** The stage's one user, as a program, at this process. The first call makes the user and the key there. */
  clientAt(server: ServerProcess): Promise<Client>;
  /** What the processes logged as errors: bugs, whatever was done to them. */
  errors(): string[];
  /** Judges I1 to I5 of everything that happened here, as each of these processes shows it. */
  judge(readers?: ServerProcess[]): Promise<InvariantReport>;
};

/** A durable PostgreSQL: what it has committed survives its own crash. Ended after the file. */
export async function startDurableCluster({ socket = false } = {}): Promise<TestCluster> {
  const cluster = await startTestCluster({ fast: false, socket });
  afterFile(cluster.stop);
  return cluster;
}

export async function setStage(cluster: TestCluster, rules: Rule[]): Promise<Stage> {
  const database = await createDatabaseOn(cluster.adminUrl);
  const db = createPool(database.url, { max: 8, applicationName: 'judge' });
  const model = await startModelProcess(rules);
  const dataDir = await temporaryFolder();
  const servers: ServerProcess[] = [];
  const sessionSecret = randomBytes(32).toString('hex');
  let apiKey: Promise<string> | undefined;

  afterFile(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await model.close();
    await db.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const stage: Stage = {
    db,
    cluster,
    model,
    async start(role = 'all', env = {}) {
      const server = await startServer({
        role,
        databaseUrl: database.url,
        dataDir,
        readyTimeoutMs: 120_000,
        env: {
          LLM_BASE_URL: model.baseUrl,
          SESSION_SECRET: sessionSecret,
          SIGNUP_CREDITS: '1000000',
          // The judge reads each turn a dozen times.
          LIMIT_API_REQUESTS: '1000000',
          ...env,
        },
      });
      servers.push(server);
      return server;
    },
    async clientAt(server) {
      apiKey ??= makeApiKey(server);
      return createClient(server.url, { apiKey: await apiKey });
    },
    errors() {
      return servers.flatMap((server) => server.logs).filter((line) => line.includes('"level":"error"'));
    },
    async judge(readers = []) {
      const log = await model.settledLog();
      const clients = await Promise.all(readers.map((server) => stage.clientAt(server)));
      return checkInvariants({ db, modelServerLog: log, readers: clients });
    },
  };
  return stage;
}

async function makeApiKey(server: ServerProcess): Promise<string> {
  const browser = await signIn(server.url, 'durable@example.com');
  const made = await browser.post<{ key: string }>('/api-keys', { name: 'Durability', scopes: ['read', 'write'] });
  if (made.status !== 201) throw unexpected('No API key', made);
  return made.body.key;
}
