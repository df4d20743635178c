import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { Invite } from '#server/admin/contract.ts';
import { presentInvite } from '#server/admin/invites/find-invites.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

/**
 * Lets an e-mail address in while sign-up is by invitation. No mail is sent: they sign in as anybody does. `conflict` when
 * the address was invited before.
 */
export async function createInvite(
  { prisma }: Pick<App, 'prisma'>,
  { email, by }: { email: string; by: By },
): Promise<Invite> {
  return prisma.$transaction(async (tx) => {
    const id = newId();
    const { count } = await tx.invite.createMany({
      data: [{ id, email, createdBy: by.actorId }],
      skipDuplicates: true,
    });
    if (count === 0) throw new AppError('conflict', 'This address was invited already.');
    await recordAudit(tx, { ...by, action: 'invite.create', target: { type: 'invite', id }, after: masked(email) });
    return presentInvite(await tx.invite.findUniqueOrThrow({ where: { id } }));
  });
}

/** The audit log is never erased, people are: it names an invitation by its id and a hint. */
export function masked(email: string): { email: string } {
  return { email: email.replace(/^(.)[^@]*/, '$1…') };
}
