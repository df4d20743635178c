import type { App } from '#server/app.ts';
import { MODEL_ALIASES } from '#server/agents/contract.ts';
import type { User } from '#server/auth/contract.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import { PLAN_OF_NONE } from '#server/models/find-allowed-aliases.ts';

/** The models that agents may be given, in the aliases' order, priced by the version in effect. */
export async function findModels({ prisma }: Pick<App, 'prisma'>, user: Pick<User, 'plan'>): Promise<ModelChoice[]> {
  const [prices, plans] = await Promise.all([
    prisma.$queryRaw<Price[]>`
      SELECT alias, display_name AS "displayName", model, greatest(multiplier, 0.5)::float8::text AS multiplier,
        context_tokens AS "contextTokens", max_output_tokens AS "maxOutputTokens"
      FROM model_pricing
      WHERE pricing_version_id =
        (SELECT id FROM pricing_versions WHERE effective_at <= now() ORDER BY effective_at DESC, id DESC LIMIT 1)`,
    prisma.plan.findMany({ orderBy: { position: 'asc' } }),
  ]);
  const free = plans.find((plan) => plan.id === PLAN_OF_NONE)?.modelAliases ?? [];
  const mine = plans.find((plan) => plan.id === (user.plan ?? PLAN_OF_NONE))?.modelAliases ?? [];
  return MODEL_ALIASES.flatMap((alias) => {
    const price = prices.find((row) => row.alias === alias);
    if (!price) return [];
    const least = free.includes(alias) ? undefined : plans.find((plan) => plan.modelAliases.includes(alias));
    const minimalPlan = least ? { id: least.id, name: least.name } : null;
    return [{ ...price, alias, allowed: mine.includes(alias), minimalPlan }];
  });
}

type Price = Omit<ModelChoice, 'alias' | 'allowed' | 'minimalPlan'> & { alias: string };
