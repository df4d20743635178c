import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { PricingVersion } from '#server/admin/contract.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { createPricingVersion, type CreatePricingVersion } from '#server/billing/create-pricing-version.ts';
import { transaction } from '#server/platform/db.ts';

/** Makes a draft, or a version that takes effect at its time. Turns that were accepted keep their prices. */
export async function addPricingVersion(
  { db }: Pick<App, 'db'>,
  { version, by }: { version: CreatePricingVersion; by: By },
): Promise<PricingVersion> {
  return transaction(db, async (tx) => {
    const id = await createPricingVersion(tx, { version, createdBy: by.actorId });
    const made = await getPricingVersion({ db: tx }, id);
    await recordAudit(tx, {
      ...by,
      action: version.draft ? 'pricing.draft' : 'pricing.publish',
      target: { type: 'pricing_version', id: String(id) },
      after: termsOf(made),
    });
    return made;
  });
}

/** A version as the audit log keeps it. */
export function termsOf({ name, effectiveAt, note, source, toolCharges, models }: PricingVersion) {
  return { name, effectiveAt, note, source, toolCharges, models };
}
