import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';

/** LangGraph's own tables, in the schema `langgraph`, made by prisma/migrate.ts. `end()` closes its pool. */
export type Checkpointer = PostgresSaver;

export function createCheckpointer(
  databaseUrl: string,
  { max = 10, onError = () => undefined }: { max?: number; onError?: (error: Error) => void } = {},
): Checkpointer {
  // A pool without an error handler lets one broken idle connection end the process.
  const pool = new pg.Pool({ connectionString: databaseUrl, max, application_name: 'pantheon-checkpoints' });
  pool.on('error', onError);
  return new PostgresSaver(pool, undefined, { schema: 'langgraph' });
}
