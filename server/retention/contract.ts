import { z } from 'zod';

/** Owners are told so many days before what they wrote comes of age. */
export const WARN_DAYS = 7;

export const PURGE_KINDS = ['account', 'room', 'direct_session', 'file', 'message', 'agent', 'old_content'] as const;
export type PurgeKind = (typeof PURGE_KINDS)[number];

/** A piece of the work of purging. Ids and numbers, never content. */
export const ZPurge = z
  .object({
    id: z.uuid(),
    kind: z.enum(PURGE_KINDS),
    /** The id of what is purged; of the conversation for `old_content`. */
    subjectId: z.uuid(),
    userId: z.uuid().nullable(),
    /** `deleted` by its owner and out of grace, or past its `retention`. */
    reason: z.enum(['deleted', 'retention']),
    state: z.enum(['due', 'running', 'failed', 'done']),
    attempt: z.int(),
    /** What went: `turns`, `files`, `bytes`, …. */
    counts: z.record(z.string(), z.int()),
    /** The name of the error that the last attempt ended with. */
    error: z.string().nullable(),
    dueAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Purge' });
export type Purge = z.infer<typeof ZPurge>;

/** What was deleted and can still be restored: it is purged when its days of grace are over. */
export const ZInGrace = z.object({ kind: z.enum(PURGE_KINDS), count: z.int(), nextDueAt: z.iso.datetime() });
export type InGrace = z.infer<typeof ZInGrace>;

/** When the oldest content of a conversation is purged; null while nothing comes of age within the time of warning. */
export const ZRetention = z
  .object({ keep: z.boolean(), days: z.int().nullable(), purgesAt: z.iso.datetime().nullable() })
  .meta({ id: 'Retention' });
export type Retention = z.infer<typeof ZRetention>;

export const ZSetRetention = z.object({ keep: z.boolean() });
