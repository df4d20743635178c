import { z } from 'zod';
import { ZAgent, ZModelAlias } from '#server/agents/contract.ts';
import { ZToolCharges, ZTurnFile } from '#server/tools/turn-tools.ts';
import { ZTurnServerTool } from '#server/tool-servers/contract.ts';

/** A model as the turn's pricing version knows it. Prices are decimals as text: money meets no float. */
const ZSnapshotModel = z.object({
  model: z.string(),
  provider: z.string(),
  displayName: z.string(),
  inputUsdPerM: z.string(),
  cachedUsdPerM: z.string(),
  outputUsdPerM: z.string(),
  multiplier: z.string(),
  contextTokens: z.int(),
  maxOutputTokens: z.int(),
});
export type SnapshotModel = z.infer<typeof ZSnapshotModel>;

/** Hard limits of one turn: a turn always ends. */
export const ZCaps = z.object({
  steps: z.int(),
  calls: z.int(),
  toolCalls: z.int(),
  wallMs: z.int(),
  outputTokens: z.int(),
  /** Micro-credits that a turn may set aside at most, as text. */
  microCredits: z.string(),
});
export const DEFAULT_CAPS: z.infer<typeof ZCaps> = {
  steps: 32,
  calls: 96,
  toolCalls: 48,
  wallMs: 15 * 60_000,
  outputTokens: 4_096,
  microCredits: '50000000',
};

/** What a turn was accepted with (FR-AGENT-004): nothing that changes later changes how it runs. */
export const ZSnapshot = z.object({
  roster: z.array(ZAgent),
  managerAlias: ZModelAlias,
  models: z.record(z.string(), ZSnapshotModel),
  caps: ZCaps,
  /** Attached to the message. */
  fileIds: z.array(z.uuid()),
  /** The conversation's files that may be read in this turn, by whoever has the permission. */
  files: z.array(ZTurnFile).exactOptional(),
  toolCharges: ZToolCharges.exactOptional(),
  /** Tools of the person's servers that somebody of the roster may use. */
  serverTools: z.array(ZTurnServerTool).exactOptional(),
  /** Of the request that sent the message, for whoever looks into what happened. */
  requestId: z.string().exactOptional(),
});
export type Snapshot = z.infer<typeof ZSnapshot>;

/** The models of a snapshot as SQL: one JSON object by alias, of the pricing version `v`. */
export const MODELS_BY_ALIAS = `(SELECT json_object_agg(m.alias, json_build_object(
  'model', m.model, 'provider', m.provider, 'displayName', m.display_name,
  'inputUsdPerM', m.input_usd_per_m::text, 'cachedUsdPerM', m.cached_usd_per_m::text, 'outputUsdPerM', m.output_usd_per_m::text,
  'multiplier', m.multiplier::text, 'contextTokens', m.context_tokens, 'maxOutputTokens', m.max_output_tokens))
  FROM model_pricing m WHERE m.pricing_version_id = v.id)`;
