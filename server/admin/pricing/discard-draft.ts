import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import { termsOf } from '#server/admin/pricing/add-pricing-version.ts';
import { lockDraft } from '#server/admin/pricing/lock-draft.ts';
import { transaction } from '#server/platform/db.ts';

/** Throws a draft away. */
export async function discardDraft({ db }: Pick<App, 'db'>, { id, by }: { id: number; by: By }): Promise<void> {
  await transaction(db, async (tx) => {
    const before = await lockDraft(tx, id);
    await tx.query('DELETE FROM model_pricing WHERE pricing_version_id = $1', [id]);
    await tx.query('DELETE FROM pricing_versions WHERE id = $1', [id]);
    const target = { type: 'pricing_version', id: String(id) };
    await recordAudit(tx, { ...by, action: 'pricing.discard', target, before: termsOf(before) });
  });
}
