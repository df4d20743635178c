import type { App } from '#server/app.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

/**
 * A call's name: its session's id, which we gave, and its own, which the caller uses once in a session. The turn is accepted
 * under it, so that any process can find the turn of a call, and the same call sent again is the same turn.
 */
export function callKeyOf(sessionId: string | null, requestId: string | number | undefined): string | null {
  if (sessionId === null || requestId === undefined) return null;
  const key = `mcp:${sessionId}:${requestId}`;
  return key.length <= 255 ? key : null;
}

/** Stops the turn that a call began, if it was the caller's and is still open. */
export async function cancelCall(
  app: Parameters<typeof stopTurn>[0] & Pick<App, 'db'>,
  { userId, callKey }: { userId: string; callKey: string },
): Promise<void> {
  const { rows } = await app.db.query<{ id: string }>(
    `SELECT id FROM turns WHERE status IN ('queued', 'running') AND user_id = $1 AND client_request_id = $2`,
    [userId, callKey],
  );
  for (const { id } of rows) await stopTurn(app, { turnId: id });
}
