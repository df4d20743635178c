import type { App } from '#server/app.ts';

export type Offers = {
  /** False: nothing is sold on this server. */
  configured: boolean;
  /** Ids of the plans that can be bought. */
  plans: string[];
  /** Numbers of credits that can be bought, the smallest first. */
  topUps: string[];
};

/** What is on sale here. */
export function findOffers({ env, payments }: Pick<App, 'env' | 'payments'>): Offers {
  if (payments.kind === 'none') return { configured: false, plans: [], topUps: [] };
  return {
    configured: true,
    plans: Object.keys(env.stripePlanPrices),
    topUps: Object.keys(env.stripeTopUpPrices).sort((a, b) => Number(a) - Number(b)),
  };
}
