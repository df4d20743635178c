import type { App } from '#server/app.ts';

/** Days in one transaction: what a kill makes the next run do again. */
const DAYS_AT_ONCE = 7;

/**
 * Rolls up every day that got usage rows since it was last rolled up, however old the day is, and its month. Doing it
 * twice, or in two processes at once, is harmless.
 */
export async function refreshRollups(
  { db }: Pick<App, 'db'>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  for (let more = true; more && !signal?.aborted;) {
    const { rows } = await db.query<{ more: boolean }>('SELECT refresh_usage_rollups($1) AS more', [DAYS_AT_ONCE]);
    more = rows[0]?.more ?? false;
  }
}
