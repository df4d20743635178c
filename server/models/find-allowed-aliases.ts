import { ZModelAlias, type ModelAlias } from '#server/agents/contract.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

/** What an account without a plan has: the same models as the smallest one. */
export const PLAN_OF_NONE = 'starter';

/** The aliases that a plan allows (`null`: no plan), as admins set them. */
export async function findAllowedAliases(
  { prisma }: { prisma: Pick<Prisma.TransactionClient, 'plan'> },
  plan: string | null,
): Promise<ModelAlias[]> {
  const row = await prisma.plan.findUnique({ where: { id: plan ?? PLAN_OF_NONE }, select: { modelAliases: true } });
  return ZModelAlias.array().parse(row?.modelAliases ?? []);
}
