import { z } from 'zod';
import { MODEL_ALIASES, ZModelAlias } from '#server/agents/contract.ts';
import type { Tx } from '#server/platform/db.ts';

const ZUsd = z
  .union([z.number(), z.string().regex(/^\d{1,6}(\.\d{1,6})?$/, 'A decimal with at most 6 places.')])
  .transform(String);

const ZModelPrice = z
  .object({
    alias: ZModelAlias,
    provider: z.string().min(1),
    model: z.string().min(1),
    displayName: z.string().min(1),
    inputUsdPerM: ZUsd,
    cachedUsdPerM: ZUsd,
    outputUsdPerM: ZUsd,
    multiplier: z
      .union([z.number(), z.string().regex(/^\d{1,4}(\.\d{1,4})?$/, 'A decimal with at most 4 places.')])
      .transform(String)
      .refine((value) => Number(value) >= 0.5, 'The lowest multiplier is 0.5.')
      .refine((value) => Number(value) < 10_000 && /^\d+(\.\d{1,4})?$/.test(value), 'A decimal with at most 4 places.'),
    contextTokens: z.int().positive(),
    maxOutputTokens: z.int().positive(),
    free: z.boolean().default(false),
  })
  .superRefine((price, context) => {
    for (const field of ['inputUsdPerM', 'cachedUsdPerM', 'outputUsdPerM'] as const) {
      const value = Number(price[field]);
      if (value < 0 || (value === 0 && !price.free)) {
        context.addIssue({
          code: 'custom',
          path: [field],
          message: 'A provider’s price is above 0, unless the model is free.',
        });
      }
    }
  });

const ZToolCharge = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/, 'A whole number of micro-credits, 0 or more.')])
  .transform(String);

/** A pricing version as an owner writes it: every alias once, and the rules that go with the prices. */
export const ZCreatePricingVersion = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(120),
  /** A draft takes effect when it is published; until then it can be changed. */
  draft: z.boolean().default(false),
  /** Absent: now. A draft has none. */
  effectiveAt: z.iso
    .datetime({ offset: true })
    .refine((at) => Date.parse(at) > Date.now() - 60_000, 'It can’t take effect in the past.')
    .optional(),
  note: z.string().max(2_000).default(''),
  source: z.string().max(500).default(''),
  toolCharges: z.object({ searchMicroCreditsPerCall: ZToolCharge, fileReadMicroCreditsPerPage: ZToolCharge }),
  models: z
    .array(ZModelPrice)
    .refine((models) => new Set(models.map(({ alias }) => alias)).size === models.length, 'Name each alias once.')
    .refine(
      (models) => MODEL_ALIASES.every((alias) => models.some((model) => model.alias === alias)),
      `Give every alias a price: ${MODEL_ALIASES.join(', ')}.`,
    ),
});
export type CreatePricingVersion = z.infer<typeof ZCreatePricingVersion>;

/** What every version says about itself, beside its prices (FR-BILL-003, FR-BILL-006). */
const RULES = {
  formula: 'microCredits = ceil((35 * fresh + 10 * cached + 100 * output) * multiplier), fresh = prompt - cached',
  multiplierFloor: '0.5',
  cachedTokensPolicy:
    'FR-BILL-006: a provider that reports no cached_tokens is taken to have cached none (cached = 0); all prompt tokens are then fresh.',
};

/**
 * Adds a pricing version, in the caller's transaction. It takes effect at its time, a draft when it is published; from
 * then on the database refuses to change it, and turns keep the version that they were accepted with. Returns its id.
 */
export async function createPricingVersion(
  tx: Tx,
  { version, createdBy }: { version: z.input<typeof ZCreatePricingVersion>; createdBy: string | null },
): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('pantheon: pricing versions'))`);
  const { name, draft, effectiveAt, models, ...rest } = ZCreatePricingVersion.parse(version);
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO pricing_versions (id, name, effective_at, metadata, created_by)
     SELECT coalesce(max(id), 0) + 1, $1, 
       CASE WHEN $5 THEN NULL ELSE greatest($2::timestamptz, date_trunc('milliseconds', now())) END, $3, $4
     FROM pricing_versions RETURNING id`,
    [name, effectiveAt ?? null, metadataOf(rest), createdBy, draft],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The pricing version was not made.');
  await insertPrices(tx, id, models);
  return id;
}

type Terms = Pick<CreatePricingVersion, 'note' | 'source' | 'toolCharges'>;

/** What a version says beside its prices, as JSON text. */
export function metadataOf({ note, source, toolCharges }: Terms): string {
  return JSON.stringify({ ...RULES, note, source, toolCharges });
}

export async function insertPrices(tx: Tx, id: number, models: CreatePricingVersion['models']): Promise<void> {
  await tx.query(
    `INSERT INTO model_pricing (pricing_version_id, alias, provider, model, display_name, input_usd_per_m,
       cached_usd_per_m, output_usd_per_m, multiplier, context_tokens, max_output_tokens, free)
     SELECT $1, alias, provider, model, "displayName", "inputUsdPerM", "cachedUsdPerM", "outputUsdPerM", multiplier,
       "contextTokens", "maxOutputTokens", free
     FROM json_to_recordset($2) AS m(alias text, provider text, model text, "displayName" text, "inputUsdPerM" numeric,
       "cachedUsdPerM" numeric, "outputUsdPerM" numeric, multiplier numeric, "contextTokens" int, "maxOutputTokens" int,
       free boolean)`,
    [id, JSON.stringify(models)],
  );
}
