import type { App } from '#server/app.ts';
import { hashToken, newToken } from '#server/auth/token.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { NewShare, Share } from '#server/shares/contract.ts';
import { findShares } from '#server/shares/find-shares.ts';

type CreateShare = { userId: string; kind: Share['kind']; turnId: string; expiresAt: string };

/**
 * Makes a read-only link. What is said after its turn is not shown by it. The turn must be the caller’s. The link is in the
 * answer and nowhere else.
 */
export async function createShare(
  app: Pick<App, 'db' | 'prisma' | 'env'>,
  { userId, kind, turnId, expiresAt }: CreateShare,
): Promise<NewShare> {
  const turn = await app.prisma.turn.findUnique({ where: { id: turnId }, select: { whatIfOf: true } });
  if (turn?.whatIfOf) throw new AppError('conflict', 'A what-if is for you alone. Share the turn that it tries.');
  const [id, token] = [newId(), newToken()];
  await app.prisma.share.create({
    data: { id, ownerId: userId, kind, turnId, tokenHash: hashToken(token), expiresAt: new Date(expiresAt) },
  });
  const { items } = await findShares(app, { userId, shareId: id, limit: 1 });
  const [share] = items;
  if (!share) throw new AppError('not_found', 'This conversation was just deleted.');
  return { share, url: `${app.env.appUrl}/share/${token}` };
}
