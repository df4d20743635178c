import type { PricingVersion } from '#server/admin/contract.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import type { Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';

/** The draft, with its row locked. Throws not_found, and `conflict` for what is no draft any more. */
export async function lockDraft(tx: Tx, id: number): Promise<PricingVersion> {
  await getPricingVersion({ db: tx }, id);
  await tx.query('SELECT 1 FROM pricing_versions WHERE id = $1 FOR UPDATE', [id]);
  const version = await getPricingVersion({ db: tx }, id);
  if (version.state === 'draft') return version;
  throw new AppError('conflict', 'This version is published, and what is published stays as it is. Make a new one.');
}
