import type { App } from '#server/app.ts';

/** Days in one transaction: what a kill makes the next run do again. */
const DAYS_AT_ONCE = 7;

/** Held by the process that rolls up; a broken connection lets it go. */
const LOCK = `hashtext('pantheon: usage rollups')`;

/**
 * Rolls up every call that is noted, however old its day is. Doing it twice, or in two processes at once, is harmless: one
 * waits for the other, and takes its picture of the calls only then.
 */
export async function refreshRollups(
  { db }: Pick<App, 'db'>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const client = await db.connect();
  let failure: Error | undefined;
  try {
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    for (let more = true; more && !signal?.aborted;) {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      const { rows } = await client.query<{ more: boolean }>('SELECT roll_up_usage($1) AS more', [DAYS_AT_ONCE]);
      await client.query('COMMIT');
      more = rows[0]?.more ?? false;
    }
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    // A connection that failed is closed, and with it go its transaction and its lock.
    client.release(failure);
  }
}
