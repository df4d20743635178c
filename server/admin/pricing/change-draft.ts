import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { PricingVersion } from '#server/admin/contract.ts';
import { termsOf } from '#server/admin/pricing/add-pricing-version.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { lockDraft } from '#server/admin/pricing/lock-draft.ts';
import { insertPrices, metadataOf, type CreatePricingVersion } from '#server/billing/create-pricing-version.ts';
import { transaction } from '#server/platform/db.ts';

/** Writes a draft anew. Throws `conflict` for what is no draft any more. */
export async function changeDraft(
  { db }: Pick<App, 'db'>,
  { id, version, by }: { id: number; by: By; version: CreatePricingVersion },
): Promise<PricingVersion> {
  return transaction(db, async (tx) => {
    const before = await lockDraft(tx, id);
    await tx.query('UPDATE pricing_versions SET name = $2, metadata = $3 WHERE id = $1', [
      id,
      version.name,
      metadataOf(version),
    ]);
    await tx.query('DELETE FROM model_pricing WHERE pricing_version_id = $1', [id]);
    await insertPrices(tx, id, version.models);
    const after = await getPricingVersion({ db: tx }, id);
    const target = { type: 'pricing_version', id: String(id) };
    await recordAudit(tx, { ...by, action: 'pricing.update', target, before: termsOf(before), after: termsOf(after) });
    return after;
  });
}
