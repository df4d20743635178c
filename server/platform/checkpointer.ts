import type { RunnableConfig } from '@langchain/core/runnables';
import type { ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg, { type Pool, type QueryConfig } from 'pg';

/**
 * LangGraph's own tables, in the schema `langgraph`, made by prisma/migrate.ts. A thread's newest checkpoint waits for
 * `release`, so that what it knows of is recorded first and nobody waits for it. `end()` closes its pool.
 */
export type Checkpointer = PostgresSaver & {
  /** Writes the checkpoint that waits for this thread, if one does. */
  release(threadId: string): Promise<void>;
  /** Drops it. */
  forget(threadId: string): void;
};

export function createCheckpointer(
  databaseUrl: string,
  { max = 10, onError = () => undefined }: { max?: number; onError?: (error: Error) => void } = {},
): Checkpointer {
  // A pool without an error handler lets one broken idle connection end the process.
  const pool = new pg.Pool({ connectionString: databaseUrl, max, application_name: 'pantheon-checkpoints' });
  pool.on('error', onError);
  return new OneStatementSaver(pool);
}

/** LangGraph's saver, which writes a checkpoint in a transaction with a statement for each channel; here they go together. */
class OneStatementSaver extends PostgresSaver implements Checkpointer {
  readonly #pool: Pool;
  readonly #waiting = new Map<string, QueryConfig>();

  constructor(pool: Pool) {
    super(pool, undefined, { schema: 'langgraph' });
    this.#pool = pool;
  }

  /** A thread that is run for the first time has no checkpoint to look for. */
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    return (config.configurable as Configurable | undefined)?.is_new ? undefined : super.getTuple(config);
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '', checkpoint_id = null } = (config.configurable ?? {}) as Configurable;
    const [blobs, about] = await Promise.all([
      this._dumpBlobs(thread_id, checkpoint_ns, checkpoint.channel_values, newVersions),
      this._dumpMetadata(metadata) as Promise<unknown>,
    ]);
    this.#waiting.set(thread_id, {
      name: 'put-checkpoint',
      text: PUT,
      values: [
        thread_id,
        checkpoint_ns,
        checkpoint.id,
        checkpoint_id,
        this._dumpCheckpoint(checkpoint),
        about,
        blobs.map(([, , channel]) => channel),
        blobs.map(([, , , version]) => version),
        blobs.map(([, , , , type]) => type),
        blobs.map(([, , , , , blob]) => (blob ? Buffer.from(blob) : null)),
      ],
    });
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  async release(threadId: string): Promise<void> {
    const put = this.#waiting.get(threadId);
    this.#waiting.delete(threadId);
    if (put) await this.#pool.query(put);
  }

  forget(threadId: string): void {
    this.#waiting.delete(threadId);
  }
}

type Configurable = { thread_id: string; is_new?: boolean; checkpoint_ns?: string; checkpoint_id?: string | null };

const PUT = `
WITH blobs AS (
  INSERT INTO langgraph.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
  SELECT $1, $2, b.* FROM unnest($7::text[], $8::text[], $9::text[], $10::bytea[]) b
  ON CONFLICT (thread_id, checkpoint_ns, channel, version) DO NOTHING
)
INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id)
DO UPDATE SET checkpoint = excluded.checkpoint, metadata = excluded.metadata`;
