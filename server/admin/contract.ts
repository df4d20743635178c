import { z } from 'zod';

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
