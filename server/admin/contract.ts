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
