import type { App } from '#server/app.ts';
import { getConversation, type NamedConversation } from '#server/conversations/get-conversation.ts';
import { AppError, isAppError } from '#server/platform/errors.ts';

/** The caller's conversation that a model's id names; throws `model_not_found`. */
export async function getModel(app: Pick<App, 'prisma'>, userId: string, model: string): Promise<NamedConversation> {
  try {
    return await getConversation(app, userId, model);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    const message = 'There is no such model, or it belongs to someone else. GET /v1/models lists yours.';
    throw new AppError('model_not_found', message, { errors: [{ path: 'model', message }] });
  }
}
