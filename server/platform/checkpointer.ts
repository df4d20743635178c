import type { RunnableConfig } from '@langchain/core/runnables';
import type { ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';

/**
 * LangGraph's own tables, in the schema `langgraph`, made by prisma/migrate.ts. A thread's newest checkpoint waits to be taken,
 * so that it never knows more than what is recorded, and nobody waits for it. `end()` closes its pool.
 */
export type Checkpointer = PostgresSaver & {
  /** The checkpoint that waits for this thread, as the function put_checkpoint takes it; null when none does. */
  take(threadId: string): string | null;
};

export function createCheckpointer(
  databaseUrl: string,
  { max = 4, onError = () => undefined }: { max?: number; onError?: (error: Error) => void } = {},
): Checkpointer {
  // A pool without an error handler lets one broken idle connection end the process.
  const pool = new pg.Pool({ connectionString: databaseUrl, max, application_name: 'pantheon-checkpoints' });
  pool.on('error', onError);
  return new WaitingSaver(pool, undefined, { schema: 'langgraph' });
}

/** LangGraph's saver, which writes a checkpoint at once, in a transaction with a statement for each channel; here it waits. */
class WaitingSaver extends PostgresSaver implements Checkpointer {
  readonly #waiting = new Map<string, string>();

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
    const put = {
      thread_id,
      checkpoint_ns,
      checkpoint_id: checkpoint.id,
      parent_checkpoint_id: checkpoint_id,
      checkpoint: this._dumpCheckpoint(checkpoint),
      metadata: about,
      // A channel without a value is to whoever loads it what one is that isn't there.
      blobs: blobs.flatMap(([, , channel, version, type, blob]) =>
        blob ? [{ channel, version, type, blob: Buffer.from(blob).toString('base64') }] : [],
      ),
    };
    this.#waiting.set(thread_id, JSON.stringify(put));
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  take(threadId: string): string | null {
    const put = this.#waiting.get(threadId) ?? null;
    this.#waiting.delete(threadId);
    return put;
  }
}

type Configurable = { thread_id: string; is_new?: boolean; checkpoint_ns?: string; checkpoint_id?: string | null };
