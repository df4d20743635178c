import type { App } from '#server/app.ts';
import type { Principal } from '#server/auth/contract.ts';

/** Ends the session on the server. An API key has none, so for a key it does nothing. */
export async function signOut(
  { prisma }: Pick<App, 'prisma'>,
  { sessionId }: Pick<Principal, 'sessionId'>,
): Promise<void> {
  if (sessionId !== null) await prisma.session.deleteMany({ where: { id: sessionId } });
}
