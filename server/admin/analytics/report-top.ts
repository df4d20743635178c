import type { App } from '#server/app.ts';
import { sumUsageBy, type UsageKey } from '#server/admin/analytics/sum-usage.ts';
import type { Period, Top } from '#server/admin/contract.ts';

const KEYS: Record<Top['of'], UsageKey[]> = { users: ['user_id'], models: ['model_alias', 'model'] };

/** The people or models that cost most, or took the most tokens. */
export async function reportTop(
  app: Pick<App, 'db'>,
  { of, ...asked }: Period & Pick<Top, 'by' | 'of'> & { limit: number },
): Promise<Top> {
  const { from, to, by } = asked;
  return { from, to, by, of, items: await sumUsageBy(app, { ...asked, keys: KEYS[of] }), nextCursor: null };
}
