import type { App } from '#server/app.ts';
import { getConversation } from '#server/conversations/get-conversation.ts';
import { AppError } from '#server/platform/errors.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

/** The caller's conversation by `room:<id>`, `direct:<id>` or a name; throws `not_found`, and `invalid_input` for namesakes. */
export async function findConversation(
  app: Pick<App, 'prisma'>,
  { userId, room }: { userId: string; room: string },
): Promise<Conversation> {
  if (/^(room|direct):/.test(room)) return getConversation(app, userId, room);
  const mine = { ownerId: userId, deletedAt: null };
  const [rooms, sessions] = await Promise.all([
    app.prisma.room.findMany({ where: { ...mine, name: room }, select: { id: true }, take: 2 }),
    app.prisma.directSession.findMany({ where: { ...mine, title: room }, select: { id: true }, take: 2 }),
  ]);
  const [found, other] = [
    ...rooms.map(({ id }) => ({ kind: 'room' as const, id })),
    ...sessions.map(({ id }) => ({ kind: 'direct' as const, id })),
  ];
  if (!found) throw new AppError('not_found', 'There is no such room, or it belongs to someone else.');
  if (other) throw new AppError('invalid_input', 'Several rooms have this name. Use the id.');
  return found;
}
