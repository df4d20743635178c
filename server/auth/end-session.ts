import type { App } from '#server/app.ts';

/** Signs one browser out. Ending a session twice is no error. */
export async function endSession({ prisma }: Pick<App, 'prisma'>, { sessionId }: { sessionId: string }): Promise<void> {
  await prisma.session.deleteMany({ where: { id: sessionId } });
}
