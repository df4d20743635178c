import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { PricingVersion } from '#server/admin/contract.ts';
import { termsOf } from '#server/admin/pricing/add-pricing-version.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { lockDraft } from '#server/admin/pricing/lock-draft.ts';
import { transaction } from '#server/platform/db.ts';

/** Puts a draft into effect, now or at a time to come. From then on the database refuses to change it. */
export async function publishDraft(
  { db }: Pick<App, 'db'>,
  { id, effectiveAt, by }: { id: number; by: By; effectiveAt: string | undefined },
): Promise<PricingVersion> {
  return transaction(db, async (tx) => {
    await lockDraft(tx, id);
    // To the column's millisecond, and downwards: rounded up it would be yet to come.
    await tx.query(
      `UPDATE pricing_versions SET effective_at = greatest($2::timestamptz, date_trunc('milliseconds', now()))
       WHERE id = $1`,
      [id, effectiveAt ?? null],
    );
    const after = await getPricingVersion({ db: tx }, id);
    const target = { type: 'pricing_version', id: String(id) };
    await recordAudit(tx, {
      ...by,
      action: 'pricing.publish',
      target,
      before: { effectiveAt: null },
      after: termsOf(after),
    });
    return after;
  });
}
