import type { RunnableConfig } from '@langchain/core/runnables';
import type { ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type Pool } from 'pg';

/**
 * LangGraph's own tables, in the schema `langgraph`, made by prisma/migrate.ts. A thread's newest checkpoint waits for
 * `release`, so that what it knows of is recorded first and nobody waits for it. `end()` writes what is released and closes
 * its pool.
 */
export type Checkpointer = PostgresSaver & {
  /** The checkpoint that waits for this thread, if one does, is written with those that are released within WRITE_EVERY_MS. */
  release(threadId: string): void;
  /** Drops one that was not released. */
  forget(threadId: string): void;
};

export type CheckpointerOptions = {
  max?: number;
  /** An idle connection broke. */
  onError?: (error: Error) => void;
  /** These threads' checkpoints could not be written. */
  onLost?: (error: unknown, threadIds: string[]) => void;
};

const WRITE_EVERY_MS = 100;

export function createCheckpointer(
  databaseUrl: string,
  { max = 4, onError = () => undefined, onLost = () => undefined }: CheckpointerOptions = {},
): Checkpointer {
  // A pool without an error handler lets one broken idle connection end the process.
  const pool = new pg.Pool({ connectionString: databaseUrl, max, application_name: 'pantheon-checkpoints' });
  pool.on('error', onError);
  return new GatheringSaver(pool, onLost);
}

/**
 * LangGraph's saver, which writes a checkpoint in a transaction with a statement for each channel; here those of many threads
 * are one statement.
 */
class GatheringSaver extends PostgresSaver implements Checkpointer {
  readonly #pool: Pool;
  readonly #onLost: NonNullable<CheckpointerOptions['onLost']>;
  readonly #waiting = new Map<string, Dumped>();
  #released = new Map<string, Dumped>();
  #writing: Promise<void> | null = null;

  constructor(pool: Pool, onLost: NonNullable<CheckpointerOptions['onLost']>) {
    super(pool, undefined, { schema: 'langgraph' });
    this.#pool = pool;
    this.#onLost = onLost;
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
    const row = [
      thread_id,
      checkpoint_ns,
      checkpoint.id,
      checkpoint_id,
      JSON.stringify(this._dumpCheckpoint(checkpoint)),
      JSON.stringify(about),
    ];
    this.#waiting.set(thread_id, { row, blobs: blobs.map((blob) => [...blob.slice(0, 5), toBuffer(blob[5])]) });
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  release(threadId: string): void {
    const dumped = this.#waiting.get(threadId);
    if (!dumped) return;
    this.#waiting.delete(threadId);
    this.#released.set(threadId, dumped);
    this.#writing ??= sleep(WRITE_EVERY_MS).then(() => this.#write());
  }

  forget(threadId: string): void {
    this.#waiting.delete(threadId);
  }

  override async end(): Promise<void> {
    await this.#writing;
    await super.end();
  }

  async #write(): Promise<void> {
    const released = this.#released;
    this.#released = new Map();
    this.#writing = null;
    const dumped = [...released.values()];
    const values = [
      ...columns(
        6,
        dumped.map(({ row }) => row),
      ),
      ...columns(
        6,
        dumped.flatMap(({ blobs }) => blobs),
      ),
    ];
    try {
      await this.#pool.query({ name: 'put-checkpoints', text: PUT, values });
    } catch (error) {
      this.#onLost(error, [...released.keys()]);
    }
  }
}

type Configurable = { thread_id: string; is_new?: boolean; checkpoint_ns?: string; checkpoint_id?: string | null };
/** Rows of the tables `checkpoints` and `checkpoint_blobs`. */
type Dumped = { row: unknown[]; blobs: unknown[][] };

function toBuffer(blob: Uint8Array | undefined | null): Buffer | null {
  return blob ? Buffer.from(blob) : null;
}

function columns(count: number, rows: unknown[][]): unknown[][] {
  return Array.from({ length: count }, (_, column) => rows.map((row) => row[column]));
}

const PUT = `
WITH blobs AS (
  INSERT INTO langgraph.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
  SELECT * FROM unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[])
  ON CONFLICT (thread_id, checkpoint_ns, channel, version) DO NOTHING
)
INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[])
ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id)
DO UPDATE SET checkpoint = excluded.checkpoint, metadata = excluded.metadata`;
