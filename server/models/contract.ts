import { z } from 'zod';
import { ZModelAlias } from '#server/agents/contract.ts';

export const ZPlanOffer = z
  .object({
    id: z.string(),
    name: z.string(),
    monthlyMicroCredits: z.string().regex(/^\d+$/).describe('Integer micro-credits; 1 credit = 1,000,000.'),
    modelAliases: z.array(ZModelAlias).describe('What its agents may run on.'),
  })
  .meta({ id: 'Plan' });
export type PlanOffer = z.infer<typeof ZPlanOffer>;

/** A model as a picker shows it. */
export type ModelChoice = {
  alias: z.infer<typeof ZModelAlias>;
  displayName: string;
  /** The provider's id of it, by the pricing version in effect. */
  model: string;
  /** What credits are multiplied by, e.g. `1.25`; never below 0.5. */
  multiplier: string;
  contextTokens: number;
  maxOutputTokens: number;
  allowed: boolean;
  /** The smallest plan that has it; null when none does, or when it needs no plan. */
  minimalPlan: { id: string; name: string } | null;
};
