import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';
import type { NewShare } from '#server/shares/contract.ts';
import { createShare } from '#server/shares/create-share.ts';

/** Makes a link to what was said in a room until now, on the branch that is shown. The room must be the caller’s. */
export async function shareRoom(
  app: Pick<App, 'db' | 'prisma' | 'env'>,
  { userId, roomId, expiresAt }: { userId: string; roomId: string; expiresAt: string },
): Promise<NewShare> {
  const branch = await app.prisma.roomSession.findFirst({ where: { conversationId: roomId, active: true } });
  if (!branch?.headTurnId) throw new AppError('conflict', 'Nothing was said in this room yet.');
  return createShare(app, { userId, kind: 'conversation', turnId: branch.headTurnId, expiresAt });
}
