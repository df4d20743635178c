import type { App } from '#server/app.ts';
import { getOwnedDirectSession, getOwnedRoom } from '#server/auth/find-owned.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

export type NamedConversation = Conversation & { name: string; createdAt: Date };

/** The caller's conversation that `room:<id>` or `direct:<id>` means; throws `not_found` for anything else. */
export async function getConversation(
  app: Pick<App, 'prisma'>,
  userId: string,
  address: string,
): Promise<NamedConversation> {
  const [, kind, id = ''] = /^(room|direct):(.+)$/.exec(address) ?? [];
  if (kind === 'room') {
    const { name, createdAt, ...room } = await getOwnedRoom(app, userId, id);
    return { kind, id: room.id, name, createdAt };
  }
  if (kind === 'direct') {
    const { title, createdAt, ...session } = await getOwnedDirectSession(app, userId, id);
    return { kind, id: session.id, name: title, createdAt };
  }
  throw notFound();
}
