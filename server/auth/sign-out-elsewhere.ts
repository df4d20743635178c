import type { App } from '#server/app.ts';

/** Ends every session of a user but one (all of them when `exceptSessionId` is null) and says how many that were. */
export async function signOutElsewhere(
  { prisma }: Pick<App, 'prisma'>,
  { userId, exceptSessionId }: { userId: string; exceptSessionId: string | null },
): Promise<{ ended: number }> {
  const { count } = await prisma.session.deleteMany({
    where: { userId, ...(exceptSessionId === null ? {} : { id: { not: exceptSessionId } }) },
  });
  return { ended: count };
}
