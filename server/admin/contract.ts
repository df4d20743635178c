import { z } from 'zod';
import { ZModelAlias } from '#server/agents/contract.ts';
import { ZRole } from '#server/auth/contract.ts';
import { ZWallet } from '#server/billing/contract.ts';

/** What the audit log tells of. `before` and `after` hold ids, amounts and settings, never what somebody wrote in a room. */
export const AUDIT_ACTIONS = [
  'user.sign_in',
  'user.cap',
  'user.suspend',
  'user.reactivate',
  'user.role',
  'user.plan',
  'user.delete',
  'user.restore',
  'user.credits',
  'model_policy.update',
  'settings.update',
  'pricing.draft',
  'pricing.update',
  'pricing.discard',
  'pricing.publish',
  'invite.create',
  'invite.revoke',
  'job.retry',
  'job.discard',
  'export',
  'purge',
  'purge.retry',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const ZAuditLog = z
  .object({
    id: z.uuid(),
    seq: z.string().describe('1, 2, 3 … without a gap.'),
    actorId: z.uuid().nullable().describe('Null: the server itself.'),
    actorEmail: z.string().nullable(),
    action: z.string(),
    targetType: z.string(),
    targetId: z.string().nullable(),
    targetEmail: z.string().nullable().describe('Of a user who is there still.'),
    before: z.unknown(),
    after: z.unknown(),
    requestId: z.string().nullable(),
    hash: z.string().describe('Of this row and of the hash before it.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'AuditLog' });
export type AuditLog = z.infer<typeof ZAuditLog>;

const ZDay = z.iso.date();

export const ZAuditFilter = z.object({
  action: z.enum(AUDIT_ACTIONS).optional(),
  actor: z.string().trim().max(254).optional().describe('An id, or a part of an e-mail address.'),
  targetId: z.string().trim().max(200).optional(),
  from: ZDay.optional(),
  to: ZDay.optional().describe('That day is included.'),
});
export type AuditFilter = z.infer<typeof ZAuditFilter>;

const ZMicroCredits = z.string().regex(/^-?\d+$/);

/** Integer micro-credits, as text or as a number that is one; text inside. */
const ZAmount = z
  .union([
    z.string().regex(/^-?\d{1,15}$/, 'A whole number of micro-credits.'),
    z.int().min(-999_999_999_999_999).max(999_999_999_999_999),
  ])
  .transform((value) => BigInt(value));

const ZReason = z.string().trim().min(1, 'Say why; it is kept in the audit log.').max(500, 'At most 500 characters.');

// ------------------------------------------------------------------------------------------------------------- users

export const ZAdminUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: ZRole,
    plan: z.string().nullable(),
    suspended: z.boolean(),
    suspendedAt: z.iso.datetime().nullable(),
    monthlyCapMicroCredits: ZMicroCredits.nullable().describe('Null: no cap.'),
    balanceMicroCredits: ZMicroCredits.describe('What is reserved included.'),
    debtMicroCredits: ZMicroCredits,
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AdminUser' });
export type AdminUser = z.infer<typeof ZAdminUser>;

export const ZUserFilter = z.object({
  q: z.string().trim().max(254).optional().describe('A part of the e-mail address, or an id.'),
  role: ZRole.optional(),
  suspended: z.enum(['true', 'false']).optional(),
});
export type UserFilter = z.infer<typeof ZUserFilter>;

/** Only what is given changes. */
export const ZUpdateUser = z.object({
  monthlyCapMicroCredits: ZAmount.refine((cap) => cap >= 0n, 'A cap is 0 or more.')
    .nullable()
    .optional()
    .describe('Null lifts the cap.'),
  suspended: z.boolean().optional(),
  role: ZRole.optional(),
  plan: z.string().max(50).nullable().optional().describe('Access to a plan’s models without a payment; null ends it.'),
  reason: z.string().trim().max(500, 'At most 500 characters.').optional().describe('For the audit log.'),
});
export type UpdateUser = z.infer<typeof ZUpdateUser>;

export const ZAdjustCredits = z.object({
  microCredits: ZAmount.refine((amount) => amount !== 0n, 'An adjustment is not 0.').describe('Negative takes away.'),
  reason: ZReason.describe('Shown to the person beside the transaction, and kept in the audit log.'),
});
export type AdjustCredits = z.infer<typeof ZAdjustCredits>;

export const ZCreditAdjustment = z.object({ microCredits: ZMicroCredits, reason: z.string(), wallet: ZWallet });
export type CreditAdjustment = z.infer<typeof ZCreditAdjustment>;

// ------------------------------------------------------------------------------------------------- models and settings

export const ZModelPolicy = z.object({ plan: z.string(), aliases: z.array(ZModelAlias) }).meta({ id: 'ModelPolicy' });
export type ModelPolicy = z.infer<typeof ZModelPolicy>;

export const ZSetModelPolicy = z.object({
  aliases: z
    .array(ZModelAlias)
    .min(1, 'A plan needs at least one model.')
    .transform((aliases) => [...new Set(aliases)]),
});

/** What can be switched off for everybody at once; each is on unless an owner says otherwise. */
export const FEATURES = ['webSearch', 'fileUploads', 'directChats'] as const;
export type Feature = (typeof FEATURES)[number];

const ZFeatures = z.object({ webSearch: z.boolean(), fileUploads: z.boolean(), directChats: z.boolean() });

export const ZSettings = z
  .object({
    managerModelAlias: ZModelAlias.describe('The orchestrator’s manager runs on it, from the next turn on.'),
    signupMode: z.enum(['open', 'invite']),
    features: ZFeatures,
    maintenance: z.boolean().describe('On: only admins get in; running turns go on. Acts within 2 s.'),
  })
  .meta({ id: 'PlatformSettings' });
export type Settings = z.infer<typeof ZSettings>;

/** Only what is given changes. */
export const ZSetSettings = ZSettings.extend({ features: ZFeatures.partial() }).partial();
export type SetSettings = z.infer<typeof ZSetSettings>;

// ------------------------------------------------------------------------------------------------------------ pricing

const ZModelPrice = z.object({
  alias: ZModelAlias,
  provider: z.string(),
  model: z.string(),
  displayName: z.string(),
  inputUsdPerM: z.string(),
  cachedUsdPerM: z.string(),
  outputUsdPerM: z.string(),
  multiplier: z.string(),
  contextTokens: z.int(),
  maxOutputTokens: z.int(),
  free: z.boolean(),
});

export const ZPricingVersion = z
  .object({
    id: z.int(),
    name: z.string(),
    state: z.enum(['draft', 'scheduled', 'effective', 'past']),
    effectiveAt: z.iso.datetime().nullable(),
    note: z.string(),
    source: z.string(),
    toolCharges: z.object({ searchMicroCreditsPerCall: z.string(), fileReadMicroCreditsPerPage: z.string() }),
    models: z.array(ZModelPrice),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PricingVersion' });
export type PricingVersion = z.infer<typeof ZPricingVersion>;

export const ZPublishPricing = z.object({
  effectiveAt: z.iso
    .datetime({ offset: true })
    .refine((at) => Date.parse(at) > Date.now() - 60_000, 'It can’t take effect in the past.')
    .optional()
    .describe('Absent: now.'),
});

// ------------------------------------------------------------------------------------------------------------ invites

export const ZInvite = z
  .object({
    id: z.uuid(),
    email: z.string(),
    createdAt: z.iso.datetime(),
    acceptedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof ZInvite>;

export const ZCreateInvite = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254, 'At most 254 characters.')
    .pipe(z.email('Enter an e-mail address, like name@example.com.')),
});

// --------------------------------------------------------------------------------------------------------------- jobs

const ZFailedJob = z.object({
  id: z.uuid(),
  error: z.string().nullable().describe('The error’s name; never its text.'),
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  failedAt: z.iso.datetime().nullable(),
});

export const ZJobQueue = z
  .object({
    queue: z.string(),
    waiting: z.int().describe('Due now, retries included.'),
    later: z.int().describe('To be started at a later time.'),
    active: z.int(),
    failed: z.int().describe('Failed for good; kept for 7 days.'),
    completed: z.int().describe('Completed in the last 7 days.'),
    oldestWaitingSeconds: z.int().nullable(),
    lastCompletedAt: z.iso.datetime().nullable(),
    lastFailedAt: z.iso.datetime().nullable(),
    cron: z.string().nullable(),
    failures: z.array(ZFailedJob).describe('The newest failed ones.'),
  })
  .meta({ id: 'JobQueue' });
export type JobQueue = z.infer<typeof ZJobQueue>;

// ---------------------------------------------------------------------------------------------------------- analytics

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

/** Whole days in UTC, both included. Default: today and the 29 days before. */
const PERIOD = { from: ZDay.optional(), to: ZDay.optional() };

export type Period = { from: string; to: string };

function periodOf({ from, to }: { from?: string | undefined; to?: string | undefined }): Period {
  const end = to ?? new Date().toISOString().slice(0, 10);
  return { from: from ?? new Date(Date.parse(end) - 29 * DAY_MS).toISOString().slice(0, 10), to: end };
}

function isPeriod({ from, to }: Period): boolean {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days >= 1 && days <= MOST_DAYS;
}

const NO_PERIOD = { path: ['to'], message: `A period ends after it begins and has at most ${MOST_DAYS} days.` };

export const ZPeriodQuery = z.object(PERIOD).transform(periodOf).refine(isPeriod, NO_PERIOD);

/** The period of the same length that ends where this one begins. */
export function periodBefore({ from, to }: Period): Period {
  const length = Date.parse(to) - Date.parse(from) + DAY_MS;
  const moved = (day: string) => new Date(Date.parse(day) - length).toISOString().slice(0, 10);
  return { from: moved(from), to: moved(to) };
}

export const ANALYTICS_GROUPS = ['user', 'model', 'day'] as const;
export type AnalyticsGroup = (typeof ANALYTICS_GROUPS)[number];

export const ZUsageAnalyticsQuery = z
  .object({
    ...PERIOD,
    groupBy: z
      .string()
      .default('user,model')
      .transform((text) => [...new Set(text.split(','))])
      .pipe(z.array(z.enum(ANALYTICS_GROUPS)).min(1)),
    userId: z.guid().optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  })
  .transform(({ groupBy, userId, limit, ...rest }) => ({ ...periodOf(rest), groupBy, userId, limit }))
  .refine(isPeriod, NO_PERIOD);

const COUNTS = {
  calls: z.int(),
  failedCalls: z.int(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  totalTokens: z.number(),
  providerCostUsd: z.string().describe('Decimal USD: what the providers charge.'),
  burnedMicroCredits: ZMicroCredits.describe('What the calls were charged.'),
};

const ZUsageCounts = z.object(COUNTS);
export type UsageCounts = z.infer<typeof ZUsageCounts>;

export const ZAnalyticsRow = z
  .object({
    userId: z.uuid().optional(),
    email: z.string().nullable().optional().describe('Null: the account was deleted.'),
    modelAlias: z.string().optional(),
    model: z.string().optional(),
    day: ZDay.optional(),
    ...COUNTS,
  })
  .meta({ id: 'AnalyticsRow' });
export type AnalyticsRow = z.infer<typeof ZAnalyticsRow>;

const PERIOD_SHOWN = { from: ZDay, to: ZDay };

export const ZUsageAnalytics = z
  .object({
    ...PERIOD_SHOWN,
    groupBy: z.array(z.enum(ANALYTICS_GROUPS)),
    items: z.array(ZAnalyticsRow).describe('What cost most first; by day, the first day first.'),
    nextCursor: z.null(),
    total: ZUsageCounts,
  })
  .meta({ id: 'UsageAnalytics' });
export type UsageAnalytics = z.infer<typeof ZUsageAnalytics>;

const COSTS = {
  providerCostUsd: z.string(),
  burnedMicroCredits: ZMicroCredits.describe('By model calls.'),
  toolMicroCredits: ZMicroCredits.describe('By searches and file pages, which have no provider cost here.'),
  valueUsd: z.string().describe('What the credits stand for: one US cent each.'),
  marginUsd: z.string().describe('Value less provider cost.'),
  marginPercent: z.number().nullable().describe('Of the value; null when nothing was burned.'),
};
const ZCosts = z.object(COSTS);
export type Costs = z.infer<typeof ZCosts>;

export const ZCostAnalytics = z
  .object({
    ...PERIOD_SHOWN,
    items: z.array(z.object({ day: ZDay, ...COSTS })),
    nextCursor: z.null(),
    models: z.array(z.object({ modelAlias: z.string(), ...COSTS })),
    total: ZCosts,
  })
  .meta({ id: 'CostAnalytics' });
export type CostAnalytics = z.infer<typeof ZCostAnalytics>;

const ACTIVE = { dau: z.int(), wau: z.int(), mau: z.int() };

export const ZActiveUsers = z
  .object({
    ...PERIOD_SHOWN,
    ...ACTIVE,
    items: z
      .array(z.object({ day: ZDay, ...ACTIVE }))
      .describe('Who had a model called on that day, in the 7, in the 30 days up to it.'),
    nextCursor: z.null(),
  })
  .meta({ id: 'ActiveUsers' });
export type ActiveUsers = z.infer<typeof ZActiveUsers>;

export const ZTopQuery = z
  .object({
    ...PERIOD,
    by: z.enum(['cost', 'tokens']).default('cost'),
    of: z.enum(['users', 'models']).default('users'),
    limit: z.coerce.number().int().min(1).max(100).default(10),
  })
  .transform(({ by, of, limit, ...rest }) => ({ ...periodOf(rest), by, of, limit }))
  .refine(isPeriod, NO_PERIOD);

export const ZTop = z
  .object({
    ...PERIOD_SHOWN,
    by: z.enum(['cost', 'tokens']),
    of: z.enum(['users', 'models']),
    items: z.array(ZAnalyticsRow),
    nextCursor: z.null(),
  })
  .meta({ id: 'TopAnalytics' });
export type Top = z.infer<typeof ZTop>;

export const ZModelHealth = z
  .object({
    ...PERIOD_SHOWN,
    items: z.array(
      z.object({
        modelAlias: z.string(),
        calls: z.int(),
        failedCalls: z.int(),
        latencyP50Ms: z.int().nullable().describe('Percentiles are right to within 5 %.'),
        latencyP95Ms: z.int().nullable(),
        firstTokenP50Ms: z.int().nullable(),
        firstTokenP95Ms: z.int().nullable(),
      }),
    ),
    failures: z.array(
      z.object({ modelAlias: z.string(), provider: z.string(), errorCode: z.string(), calls: z.int() }),
    ),
    nextCursor: z.null(),
  })
  .meta({ id: 'ModelHealth' });
export type ModelHealth = z.infer<typeof ZModelHealth>;

// -------------------------------------------------------------------------------------------------------------- turns

export type TurnSummary = {
  id: string;
  mode: string;
  status: string;
  failedSteps: number;
  chargedMicroCredits: string;
  durationMs: number | null;
  createdAt: string;
};

/** A turn without a word of what was said in it. */
export type TurnMetadata = TurnSummary & {
  userId: string;
  email: string | null;
  attempt: number;
  reservedMicroCredits: string;
  pricingVersion: number;
  errorCode: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  steps: {
    id: string;
    index: number;
    kind: string;
    modelAlias: string;
    servedModel: string | null;
    status: string;
    errorCode: string | null;
    totalTokens: number;
    latencyMs: number;
    chargedMicroCredits: string;
  }[];
  calls: {
    id: string;
    purpose: string;
    provider: string;
    model: string;
    modelAlias: string;
    status: string;
    errorCode: string | null;
    promptTokens: number;
    cachedTokens: number;
    completionTokens: number;
    providerCostUsd: string;
    burnedMicroCredits: string;
    latencyMs: number;
    firstTokenMs: number | null;
    requestId: string;
  }[];
  tools: { id: string; tool: string; status: string; units: number; burnedMicroCredits: string; latencyMs: number }[];
};
