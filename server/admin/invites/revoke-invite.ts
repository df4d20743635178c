import { z } from 'zod';
import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import { masked } from '#server/admin/invites/create-invite.ts';
import { AppError, notFound } from '#server/platform/errors.ts';

/** Takes an invitation back that nobody used yet; whoever used theirs has an account, and is suspended instead: `conflict`. */
export async function revokeInvite(
  { prisma }: Pick<App, 'prisma'>,
  { inviteId, by }: { inviteId: string; by: By },
): Promise<void> {
  if (!z.guid().safeParse(inviteId).success) throw notFound();
  await prisma.$transaction(async (tx) => {
    const invite = await tx.invite.findUnique({ where: { id: inviteId } });
    if (!invite) throw notFound();
    const { count } = await tx.invite.deleteMany({ where: { id: inviteId, acceptedAt: null } });
    if (count === 0) throw new AppError('conflict', 'This invitation was used. Suspend the account instead.');
    await recordAudit(tx, {
      ...by,
      action: 'invite.revoke',
      target: { type: 'invite', id: inviteId },
      before: masked(invite.email),
    });
  });
}
