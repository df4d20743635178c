import { startEmbeddedPostgres } from '#server/platform/embedded-postgres.ts';
import type { Env } from '#server/platform/env.ts';

export type Database = { url: string; kind: 'embedded' | 'external'; stop(): Promise<void> };

/** The configured PostgreSQL, or the embedded one when none is. */
export async function openDatabase(
  env: Pick<Env, 'databaseUrl' | 'dataDir'>,
  report?: (line: string) => void,
): Promise<Database> {
  if (env.databaseUrl !== null) return { url: env.databaseUrl, kind: 'external', stop: async () => undefined };
  const embedded = await startEmbeddedPostgres(env.dataDir, report);
  return { url: embedded.url, kind: 'embedded', stop: () => embedded.stop() };
}
