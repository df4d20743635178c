import type { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Principal } from '#server/auth/contract.ts';
import type { ZAskRoom } from '#server/mcp/contract.ts';
import { findConversation } from '#server/mcp/find-conversation.ts';
import { followTurn } from '#server/turns/follow-turn.ts';
import { AppError } from '#server/platform/errors.ts';
import { setMode } from '#server/rooms/set-mode.ts';
import { acceptTurn } from '#server/turns/accept-turn.ts';
import { ZCreateTurn, type Turn, type TurnEvent } from '#server/turns/contract.ts';

type AskApp = Parameters<typeof followTurn>[0] & Parameters<typeof acceptTurn>[0] & Pick<App, 'prisma'>;

export type AskRoom = {
  principal: Principal;
  asked: z.infer<typeof ZAskRoom>;
  /** The call's name, so that it can be cancelled, and sent twice; null when it has none. */
  callKey: string | null;
  requestId: string;
  /** Aborts when the caller has gone. The turn goes on: its answer is read from the room. */
  closed: AbortSignal;
  /** Called with one line about what is going on, and at least every 15 seconds. */
  onProgress: (line: string) => Promise<void>;
};

/** Sends a message under all the rules of a send and waits for the turn's end. Throws what `acceptTurn` throws. */
export async function askRoom(app: AskApp, options: AskRoom): Promise<Turn> {
  const { principal, asked, callKey, requestId, closed, onProgress } = options;
  const { user } = principal;
  const conversation = await findConversation(app, { userId: user.id, room: asked.room });
  if (asked.mode !== undefined) {
    if (conversation.kind === 'direct') throw new AppError('invalid_input', 'A direct chat has no mode. Leave it out.');
    await setMode(app, { userId: user.id, roomId: conversation.id, mode: asked.mode });
  }
  const tags = (asked.agents ?? []).map((name) => (/^[\p{L}\p{N}]+$/u.test(name) ? `@${name}` : `@"${name}"`));
  const request = ZCreateTurn.safeParse({ message: [...tags, asked.message].join(' ') });
  if (!request.success) throw new AppError('invalid_input', request.error.issues[0]?.message ?? 'Write a message.');
  const turn = await acceptTurn(app, {
    user,
    conversation,
    request: request.data,
    idempotencyKey: callKey,
    requestId,
  });
  for await (const event of followTurn(app, { turnId: turn.id, closed, goesOnAlone: true })) {
    if (event === null) await onProgress('Still at work.');
    else if (event.type === 'turn_completed' || event.type === 'turn_failed' || event.type === 'turn_cancelled') {
      return event.data;
    } else {
      const line = lineOf(event);
      if (line !== null) await onProgress(line);
    }
  }
  throw new AppError(
    'unavailable',
    `The answer could not be followed to its end. Read turn ${turn.id} with read_room.`,
  );
}

function lineOf(event: TurnEvent): string | null {
  switch (event.type) {
    case 'turn_queued':
      return event.data.position > 0 ? `Waits for ${event.data.position} other messages of the room.` : null;
    case 'turn_started':
      return `Turn ${event.turnId} has started.`;
    case 'route_decided':
      return `The manager asks ${event.data.assignments.map(({ agent }) => agent).join(', ')}.`;
    case 'step_started':
      return `${event.data.agentName} is at work.`;
    case 'tool_started':
      return event.data.status === 'waiting'
        ? `The owner is asked in Pantheon whether ${event.data.tool} may be called.`
        : `${event.data.tool} is being used.`;
    case 'step_completed':
      return `${event.data.agentName} has answered.`;
    case 'step_failed':
      return `${event.data.agentName} couldn’t answer: ${event.data.error?.message ?? 'no reply came.'}`;
    case 'step_skipped':
      return `${event.data.agentName} was skipped.`;
    default:
      return null;
  }
}
