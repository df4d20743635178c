import { recordAudit } from '#server/admin/audit/record-audit.ts';
import { getSettings } from '#server/admin/settings/get-settings.ts';
import type { App } from '#server/app.ts';
import { grantSignupCredits } from '#server/billing/grant-signup-credits.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

/**
 * The account of a proven e-mail address, made on the first sign-in: the user and their wallet, together. While
 * sign-up is by invitation a new account needs an invitation (the owner doesn't), else `invite_required`.
 * Two first sign-ins at once end in one account. Signing in to a deleted account restores it until it is being purged.
 */
export async function admitUser(
  tx: Prisma.TransactionClient,
  { env }: Pick<App, 'env'>,
  { email, requestId = null }: { email: string; requestId?: string | null },
): Promise<{ userId: string }> {
  const isOwner = email === env.ownerEmail;
  const known = await tx.user.findUnique({ where: { email }, select: { id: true, deletedAt: true } });
  if (known) {
    if (known.deletedAt !== null) await restoreAccount(tx, known.id, requestId);
    if (isOwner) await makeOwner(tx, known.id, requestId);
    return { userId: known.id };
  }
  if (!isOwner && (await getSettings({ prisma: tx, env })).signupMode === 'invite') await acceptInvite(tx, email);
  await tx.user.createMany({ data: [{ id: newId(), email }], skipDuplicates: true });
  const { id: userId } = await tx.user.findUniqueOrThrow({ where: { email }, select: { id: true } });
  await tx.creditWallet.createMany({ data: [{ userId }], skipDuplicates: true });
  await grantSignupCredits(tx, { env }, userId);
  if (isOwner) await makeOwner(tx, userId, requestId);
  return { userId };
}

async function restoreAccount(tx: Prisma.TransactionClient, userId: string, requestId: string | null): Promise<void> {
  // The purge takes the row first as well, and notes what it is about to do.
  await tx.$executeRaw`UPDATE users SET deleted_at = NULL WHERE id = ${userId}::uuid`;
  if ((await tx.tombstone.count({ where: { id: userId } })) > 0) {
    throw new AppError('conflict', 'This account is being deleted for good. Try again in a few minutes to start anew.');
  }
  await recordAudit(tx, { actorId: userId, requestId, action: 'user.restore', target: { type: 'user', id: userId } });
}

async function acceptInvite(tx: Prisma.TransactionClient, email: string): Promise<void> {
  const { count } = await tx.invite.updateMany({ where: { email }, data: { acceptedAt: new Date() } });
  if (count === 0) {
    throw new AppError(
      'invite_required',
      'Pantheon is in a closed beta. Ask for an invitation to this e-mail address.',
    );
  }
}

/** OWNER_EMAIL says so, at every sign-in of that address; only the first one changes anything. */
async function makeOwner(tx: Prisma.TransactionClient, userId: string, requestId: string | null): Promise<void> {
  const before = await tx.adminUser.findUnique({ where: { userId } });
  if (before?.roleId === 'owner') return;
  await tx.adminUser.upsert({ where: { userId }, create: { userId, roleId: 'owner' }, update: { roleId: 'owner' } });
  await recordAudit(tx, {
    actorId: null,
    requestId,
    action: 'user.role',
    target: { type: 'user', id: userId },
    before: { role: before?.roleId ?? 'user' },
    after: { role: 'owner', by: 'OWNER_EMAIL' },
  });
}
