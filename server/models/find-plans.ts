import type { App } from '#server/app.ts';
import { ZPlanOffer, type PlanOffer } from '#server/models/contract.ts';

/** The plans on offer, the smallest first. Dollar prices live with the payment provider. */
export async function findPlans({ prisma }: Pick<App, 'prisma'>): Promise<PlanOffer[]> {
  const rows = await prisma.plan.findMany({ orderBy: { position: 'asc' } });
  return rows.map((row) => ZPlanOffer.parse({ ...row, monthlyMicroCredits: String(row.monthlyMicroCredits) }));
}
