import type { App } from '#server/app.ts';
import type { Principal } from '#server/auth/contract.ts';
import { getModel } from '#server/openai/get-model.ts';
import { AppError } from '#server/platform/errors.ts';
import { acceptTurn } from '#server/turns/accept-turn.ts';
import { ZCreateTurn, type Turn } from '#server/turns/contract.ts';

type Message = { role: string; content?: unknown };

export type StartTurn = {
  principal: Principal;
  /** `room:<id>` or `direct:<id>`. */
  model: string;
  messages: readonly Message[];
  /** The turn that it goes on after, on a branch of its own; absent: after what was said last. */
  parentTurnId?: string | undefined;
  idempotencyKey: string | null;
  requestId: string;
};

/**
 * Sends the last of the user's messages to the conversation that the model names, under all the rules of a send.
 * Throws `model_not_found` for a model that isn't the caller's, `invalid_input` where there is nothing to send, and what
 * `acceptTurn` throws.
 */
export async function startTurn(
  app: Parameters<typeof acceptTurn>[0] & Pick<App, 'prisma'>,
  { principal, model, messages, parentTurnId, idempotencyKey, requestId }: StartTurn,
): Promise<Turn> {
  const conversation = await getModel(app, principal.user.id, model);
  const last = messages.findLast(({ role }) => role === 'user');
  const request = ZCreateTurn.safeParse({ message: last ? textOf(last.content) : '', parentTurnId });
  if (!request.success) {
    const message = request.error.issues[0]?.message ?? 'Write a message.';
    throw new AppError('invalid_input', message, { errors: [{ path: 'messages', message }] });
  }
  return acceptTurn(app, {
    user: principal.user,
    conversation,
    request: request.data,
    idempotencyKey,
    requestId,
  });
}

/** Text alone or in parts. Pictures and sound are for conversations that can see and hear. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: string; text?: unknown }) => {
      if (typeof part.text === 'string') return part.text;
      const message = `A part of type “${String(part.type)}” can’t be sent; send text, and files through the API.`;
      throw new AppError('invalid_input', message, { errors: [{ path: 'messages', message }] });
    })
    .join('\n');
}
