import { z } from 'zod';
import type { Citation } from '#server/turns/contract.ts';

const DAY_MS = 86_400_000;
export const MAX_SHARE_DAYS = 365;

/** How long a link may live. */
export const ZCreateShare = z.object({
  expiresAt: z.iso
    .datetime({ offset: true, abort: true, error: 'Say when the link ends, like 2030-01-31T12:00:00Z.' })
    .refine((at) => Date.parse(at) > Date.now(), 'Choose a time that is yet to come.')
    .refine((at) => Date.parse(at) <= Date.now() + MAX_SHARE_DAYS * DAY_MS, 'At most a year from now.'),
});

/** A read-only link that is in force. The link itself is told once, when it is made. */
export const ZShare = z
  .object({
    id: z.uuid(),
    kind: z.enum(['conversation', 'turn']).describe('What was said up to the turn, or the turn alone.'),
    turnId: z.uuid(),
    roomId: z.uuid().optional(),
    directSessionId: z.uuid().optional(),
    conversationName: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Share' });
export type Share = z.infer<typeof ZShare>;

export const ZNewShare = z.object({ share: ZShare, url: z.url().describe('Shown once.') });
export type NewShare = z.infer<typeof ZNewShare>;

/** A source as a reader of a link sees it. Of a file its name and the place in it: neither its id nor a passage that nobody shared. */
export type SharedSource = Extract<Citation, { kind: 'web' }> | Omit<Extract<Citation, { kind: 'file' }>, 'fileId'>;

/** What a reader of a link sees: who said what, and from which sources. No cost, no model, no owner. */
export type SharedConversation = {
  title: string;
  /** True when there is more before the first turn than is shown. */
  cutOff: boolean;
  /** Not for the reader either: among whom the looks are chosen. */
  speakers: { id: string; name: string }[];
  turns: {
    id: string;
    at: string;
    message: string | null;
    replies: {
      id: string;
      role: 'agent' | 'synthesis';
      /** Not for the reader: tells the page how the agent looks in its room. */
      agentId: string | null;
      agentName: string | null;
      content: string;
      /** Those that its text refers to as `[number]`. */
      sources: SharedSource[];
    }[];
  }[];
};
