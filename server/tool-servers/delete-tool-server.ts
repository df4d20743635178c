import type { App } from '#server/app.ts';

/** The server, its token and what agents may do with it go at once; a call that waits for the person finds it gone. */
export async function deleteToolServer({ prisma }: Pick<App, 'prisma'>, toolServerId: string): Promise<void> {
  await prisma.toolServer.deleteMany({ where: { id: toolServerId } });
}
