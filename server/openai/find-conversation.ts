import type { App } from '#server/app.ts';
import { getOwnedDirectSession, getOwnedRoom } from '#server/auth/find-owned.ts';
import type { OpenAiModel } from '#server/openai/contract.ts';
import { modelOfDirectSession, modelOfRoom } from '#server/openai/present-model.ts';
import { AppError, isAppError } from '#server/platform/errors.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

type Found = { conversation: Conversation; model: OpenAiModel };

/** The caller's conversation that `room:<id>` or `direct:<id>` names; `model_not_found` for anything else. */
export async function findConversation(
  app: Pick<App, 'prisma'>,
  { userId, model }: { userId: string; model: string },
): Promise<Found> {
  const [, kind, id = ''] = /^(room|direct):(.+)$/.exec(model) ?? [];
  try {
    if (kind === 'room') {
      const room = await getOwnedRoom(app, userId, id);
      return { conversation: { kind, id: room.id }, model: modelOfRoom(room) };
    }
    if (kind === 'direct') {
      const session = await getOwnedDirectSession(app, userId, id);
      return { conversation: { kind, id: session.id }, model: modelOfDirectSession(session) };
    }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
  }
  const message = 'There is no such model, or it belongs to someone else. GET /v1/models lists yours.';
  throw new AppError('model_not_found', message, { errors: [{ path: 'model', message }] });
}
