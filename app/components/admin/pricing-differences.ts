import type { PricingVersion } from '#server/admin/contract.ts';
import { creditsOf } from '#app/components/admin/amounts.ts';

/** What a model's price has, in words. */
export const FIELDS = {
  provider: 'Provider',
  model: 'Provider’s model',
  displayName: 'Name',
  inputUsdPerM: 'Input, USD per million',
  cachedUsdPerM: 'Cached, USD per million',
  outputUsdPerM: 'Output, USD per million',
  multiplier: 'Multiplier',
  contextTokens: 'Context, tokens',
  maxOutputTokens: 'Output limit, tokens',
} as const;

export type Difference = { subject: string; what: string; before: string; after: string };

/** What one version has otherwise than another: each price, each model, the charges of the tools. */
export function differences(before: PricingVersion, after: PricingVersion): Difference[] {
  const models = after.models.flatMap((model) => {
    const old = before.models.find(({ alias }) => alias === model.alias);
    return Object.entries(FIELDS).flatMap(([field, what]) => {
      const was = String(old?.[field as keyof typeof FIELDS] ?? '–');
      const is = String(model[field as keyof typeof FIELDS]);
      return was === is ? [] : [{ subject: model.displayName, what, before: was, after: is }];
    });
  });
  const charges = (['searchMicroCreditsPerCall', 'fileReadMicroCreditsPerPage'] as const).flatMap((name) => {
    const [was, is] = [before.toolCharges[name], after.toolCharges[name]];
    const about = name.startsWith('search')
      ? { subject: 'Web search', what: 'Credits a call' }
      : { subject: 'Files', what: 'Credits a page' };
    return was === is ? [] : [{ ...about, before: creditsOf(was), after: creditsOf(is) }];
  });
  return [...models, ...charges];
}
