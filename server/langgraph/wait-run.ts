import type { App } from '#server/app.ts';
import type { State } from '#server/langgraph/contract.ts';
import { hasEnded } from '#server/langgraph/find-states.ts';
import { stateOf } from '#server/langgraph/present-state.ts';
import { readLine } from '#server/langgraph/read-line.ts';
import { AppError } from '#server/platform/errors.ts';
import { followEvents } from '#server/turns/follow-events.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

type WaitApp = Parameters<typeof stopTurn>[0];

export type WaitRun = {
  turnId: string;
  /** Aborts when the client has gone. */
  closed: AbortSignal;
  /** Stops the turn when its client goes away. */
  stopsWithClient: boolean;
};

/** Waits for a run's end and gives the state after it, or why it failed. */
export async function waitRun(
  app: WaitApp,
  { turnId, closed, stopsWithClient }: WaitRun,
): Promise<State | { __error__: { error: string; message: string } }> {
  await untilEnd(app, turnId, closed);
  const line = await readLine(app, turnId);
  const turn = line.at(-1);
  if (!turn || !hasEnded(turn)) {
    if (stopsWithClient && closed.aborted && !app.runner.draining) await stopTurn(app, { turnId });
    throw new AppError('unavailable', 'The run could not be followed to its end. Join it by its id.');
  }
  if (turn.status !== 'failed') return stateOf(line);
  const { code, message } = turn.error ?? { code: 'turn_failed', message: 'Nobody could answer.' };
  return { __error__: { error: code, message } };
}

/** Stops a run, and waits for its end if asked to. */
export async function cancelRun(
  app: WaitApp & Pick<App, 'db'>,
  { turnId, wait, closed }: { turnId: string; wait: boolean; closed: AbortSignal },
): Promise<void> {
  await stopTurn(app, { turnId });
  if (!wait) return;
  await untilEnd(app, turnId, closed);
}

async function untilEnd(app: WaitApp & Pick<App, 'db'>, turnId: string, signal: AbortSignal): Promise<void> {
  const events = followEvents(app, { turnId, after: 0, signal, keepAliveMs: 15_000 });
  while (!(await events.next()).done) continue;
}
