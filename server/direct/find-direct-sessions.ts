import type { App } from '#server/app.ts';
import { findByChange, type FindByChange } from '#server/conversations/find-by-change.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import type { Page } from '#server/http/page.ts';

/** A user's direct chats, the last used first; with `deleted`, those that can still be restored. */
export async function findDirectSessions(
  { prisma }: Pick<App, 'prisma'>,
  options: FindByChange,
): Promise<Page<DirectSession>> {
  const page = await findByChange({ prisma }, options, (query) => prisma.directSession.findMany(query));
  return { ...page, items: page.items.map(presentDirectSession) };
}
