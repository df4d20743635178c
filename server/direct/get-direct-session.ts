import type { App } from '#server/app.ts';
import { getOwnedDirectSession, type Deleted } from '#server/auth/find-owned.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';

/** A direct chat. Throws `not_found` for what is absent or someone else's. */
export async function getDirectSession(
  app: Pick<App, 'prisma'>,
  { userId, directSessionId, ...options }: { userId: string; directSessionId: string } & Deleted,
): Promise<DirectSession> {
  return presentDirectSession(await getOwnedDirectSession(app, userId, directSessionId, options));
}
