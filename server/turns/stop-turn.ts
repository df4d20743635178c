import { setTimeout as sleep } from 'node:timers/promises';
import { v4 } from 'uuid';
import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import { cancelQueuedTurn } from '#server/turns/cancel-queued-turn.ts';
import { claimSilentTurn } from '#server/turns/claim-turn.ts';
import { closeLostCalls } from '#server/turns/close-lost-calls.ts';
import { endRun } from '#server/turns/run.ts';
import { settleTurn } from '#server/turns/settle-turn.ts';

type StopApp = Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log' | 'runner'>;

/** How long the process that runs a turn has to stop it by itself. */
const GRACE_MS = 1_200;

/**
 * Stops a turn: one that waits is cancelled at once; one that runs is told to stop, and if the process that runs it has
 * not settled it in time (it hangs, or it is gone) it is settled here. Stopping what has ended changes nothing.
 * The turn must be the caller's: see `getOwnedTurn`.
 */
export async function stopTurn(app: StopApp, { turnId }: { turnId: string }): Promise<void> {
  const state = await transaction(app.db, async (tx) => {
    const { rows } = await tx.query<{ status: string; conversation_id: string }>(
      'SELECT status, conversation_id FROM turns WHERE id = $1 FOR UPDATE',
      [turnId],
    );
    const turn = rows[0];
    if (turn?.status === 'queued') await cancelQueuedTurn(tx, turnId);
    if (turn?.status === 'running') {
      await tx.query('UPDATE turns SET stop_requested_at = coalesce(stop_requested_at, now()) WHERE id = $1', [turnId]);
      await tx.query('SELECT pg_notify($1, $2)', ['turn_control', `stop ${turnId}`]);
    }
    return turn;
  });
  if (state?.status === 'queued') app.runner.kick(state.conversation_id);
  if (state?.status === 'running') {
    enforceStop(app, turnId, state.conversation_id).catch((error: unknown) => {
      app.log.warn('a turn could not be stopped from here; the sweep will do it', { turnId, error });
    });
  }
}

async function enforceStop(app: StopApp, turnId: string, conversationId: string): Promise<void> {
  await sleep(GRACE_MS);
  const run = await claimSilentTurn(app.db, { turnId, token: v4() });
  if (!run) return;
  endRun(run, { reason: 'stopped' });
  await closeLostCalls(app, run);
  await settleTurn(app, run, null);
  app.runner.kick(conversationId);
}
