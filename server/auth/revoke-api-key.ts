import type { App } from '#server/app.ts';

/** From here on the key is refused. Revoking twice is no error. */
export async function revokeApiKey({ prisma }: Pick<App, 'prisma'>, { apiKeyId }: { apiKeyId: string }): Promise<void> {
  await prisma.apiKey.updateMany({ where: { id: apiKeyId, revokedAt: null }, data: { revokedAt: new Date() } });
}
