import pg, { type Pool, type PoolClient } from 'pg';

type GetTypeParser = typeof pg.types.getTypeParser;

/** int8 as bigint; everything else as the driver has it. */
const getTypeParser = ((oid: Parameters<GetTypeParser>[0], format: Parameters<GetTypeParser>[1]): unknown =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? BigInt
    : pg.types.getTypeParser(oid, format)) as GetTypeParser;

/** What a verb gets inside `transaction`: one connection, with an open transaction. */
export type Tx = Pick<PoolClient, 'query'>;

type Commit = (after?: () => Promise<unknown>) => void;

export type PoolOptions = {
  max?: number;
  applicationName?: string;
  /** Told when an idle connection breaks (a restarted database); the pool replaces it by itself. */
  onError?: (error: Error) => void;
};

/**
 * A pool whose int8 columns arrive as bigint: credits must never pass through a float. The override is this pool's own,
 * since libraries (pg-boss, Prisma, LangGraph) rely on the driver's defaults.
 */
export function createPool(databaseUrl: string, options: PoolOptions = {}): Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 20,
    application_name: options.applicationName ?? 'pantheon',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
    // Statements of one transaction that don’t need each other’s answers travel together.
    pipeline: true,
  });
  pool.on('error', options.onError ?? (() => undefined));
  return pool;
}

/**
 * Runs `work` in one transaction; commits what it returns, rolls back when it throws. Statements are sent as they are asked
 * for and carried out in that order: `Promise.all` of several costs one trip. `commit` sends the commit behind them, for work
 * that would not take back what it sent, whatever the answers are; a statement that fails still takes back everything. What
 * `after` sends travels with the commit and is carried out after it, by itself; nobody waits for it here.
 */
export async function transaction<T>(pool: Pool, work: (tx: Tx, commit: Commit) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  let committed: Promise<unknown> | undefined;
  let last: Promise<unknown> | undefined;
  const commit: Commit = (after) => {
    committed = client.query('COMMIT');
    committed.catch(() => undefined);
    last = after?.().catch((error: unknown) => {
      // Told before the connection itself is.
      if (isConnectionError(error)) broken = error as Error;
    });
  };
  const release = () => {
    client.off('error', onError);
    client.release(broken);
  };
  try {
    // It fails only with its connection, and then so does what follows it.
    const begun = client.query('BEGIN');
    const [result] = await Promise.all([work(client, commit), begun]);
    await (committed ?? client.query('COMMIT'));
    return result;
  } catch (error) {
    await (committed ?? client.query('ROLLBACK')).catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    if (last) void last.then(release);
    else release();
  }
}

/** The connection failed, not the statement: whether it was carried out is unknown, and trying again may help. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  // Classes 08 (connection) and 57P (shutdown, crash, cannot connect now), and 53300 (too many connections).
  if (/^(08|57P0[1-4])/.test(code) || code === '53300') return true;
  if (/^(ECONN|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN)/.test(code)) return true;
  // A database that is away takes its socket with it.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}

/** The database is there and has no room: its disk, memory or connections are used up (class 53). Nothing was changed. */
export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^53\w{3}$/.test(String(error.code));
}
