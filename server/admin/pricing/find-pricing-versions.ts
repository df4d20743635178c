import type { App } from '#server/app.ts';
import { ZPricingVersion, type PricingVersion } from '#server/admin/contract.ts';
import type { Tx } from '#server/platform/db.ts';
import { notFound } from '#server/platform/errors.ts';

type Row = Omit<PricingVersion, 'effectiveAt' | 'createdAt'> & { effectiveAt: Date | null; createdAt: Date };

const SELECT = `SELECT v.id, v.name, v.effective_at AS "effectiveAt", v.created_at AS "createdAt", u.email AS "createdBy",
    CASE WHEN v.effective_at IS NULL THEN 'draft' WHEN v.effective_at > now() THEN 'scheduled'
      WHEN v.id = (SELECT id FROM pricing_versions WHERE effective_at <= now() ORDER BY effective_at DESC, id DESC LIMIT 1)
      THEN 'effective' ELSE 'past' END AS state,
    coalesce(v.metadata->>'note', '') AS note, coalesce(v.metadata->>'source', '') AS source,
    coalesce(v.metadata->'toolCharges',
      '{"searchMicroCreditsPerCall":"0","fileReadMicroCreditsPerPage":"0"}') AS "toolCharges",
    (SELECT coalesce(json_agg(json_build_object('alias', m.alias, 'provider', m.provider, 'model', m.model,
       'displayName', m.display_name, 'inputUsdPerM', trim_scale(m.input_usd_per_m)::text,
       'cachedUsdPerM', trim_scale(m.cached_usd_per_m)::text, 'outputUsdPerM', trim_scale(m.output_usd_per_m)::text,
       'multiplier', trim_scale(m.multiplier)::text, 'contextTokens', m.context_tokens,
       'maxOutputTokens', m.max_output_tokens, 'free', m.free) ORDER BY m.alias), '[]')
     FROM model_pricing m WHERE m.pricing_version_id = v.id) AS models
  FROM pricing_versions v LEFT JOIN users u ON u.id = v.created_by`;

/** Every pricing version, the newest first. There are few: one for each time that prices changed. */
export async function findPricingVersions({ db }: Pick<App, 'db'>): Promise<PricingVersion[]> {
  const { rows } = await db.query<Row>(`${SELECT} ORDER BY v.id DESC LIMIT 200`);
  return rows.map(present);
}

/** Throws `not_found`. */
export async function getPricingVersion({ db }: { db: Tx }, id: number): Promise<PricingVersion> {
  if (!Number.isSafeInteger(id) || id < 0 || id > 2_147_483_647) throw notFound();
  const { rows } = await db.query<Row>(`${SELECT} WHERE v.id = $1`, [id]);
  if (!rows[0]) throw notFound();
  return present(rows[0]);
}

function present(row: Row): PricingVersion {
  return ZPricingVersion.parse({
    ...row,
    effectiveAt: row.effectiveAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  });
}
