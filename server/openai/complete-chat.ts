import type { ChatCompletion } from '#server/openai/contract.ts';
import { followTurn, type FollowTurn } from '#server/turns/follow-turn.ts';
import { presentCompletion } from '#server/openai/present-completion.ts';
import { AppError } from '#server/platform/errors.ts';
import type { Plan, Turn } from '#server/turns/contract.ts';

type FollowApp = Parameters<typeof followTurn>[0];

/** Waits for the turn's end and answers with all of it. Throws `turn_failed` when nobody could answer. */
export async function completeChat(
  app: FollowApp,
  { model, ...follow }: { model: string } & FollowTurn,
): Promise<ChatCompletion> {
  const { turn, plan } = await readEnd(app, follow);
  if (turn.status === 'failed') throw turnFailed(turn);
  return presentCompletion(turn, model, plan);
}

/** Waits for the turn's end. */
export async function readEnd(app: FollowApp, follow: FollowTurn): Promise<{ turn: Turn; plan: Plan | null }> {
  let plan: Plan | null = null;
  for await (const event of followTurn(app, follow)) {
    if (event?.type === 'route_decided') plan = event.data;
    if (event?.type === 'turn_completed' || event?.type === 'turn_failed' || event?.type === 'turn_cancelled') {
      return { turn: event.data, plan };
    }
  }
  throw new AppError('unavailable', 'The answer could not be followed to its end. It can be read from the turn.');
}

export function turnFailed({ id, error }: Turn): AppError {
  return new AppError('turn_failed', error?.message ?? 'Nobody could answer.', {
    extra: { turnId: id },
    // OpenAI's clients try a 5xx again by themselves; each try would be a turn of its own, and charged.
    headers: { 'x-should-retry': 'false' },
  });
}
