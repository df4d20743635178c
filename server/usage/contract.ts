import { z } from 'zod';

const ZMicroCredits = z.string().regex(/^\d+$/);

export const USAGE_GROUPS = ['model', 'day', 'room', 'agent'] as const;
export const ZUsageGroup = z.enum(USAGE_GROUPS);
export type UsageGroup = z.infer<typeof ZUsageGroup>;

const ZWhen = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** `from` is included. `to` is not, unless it is a date: then that day is. Default: the last 30 days and today, in UTC. */
export const ZUsageQuery = z
  .object({ from: ZWhen.optional(), to: ZWhen.optional(), groupBy: ZUsageGroup.default('day') })
  .transform(({ from, to, groupBy }) => ({ ...periodOf(from, to), groupBy }))
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'The period must end after it begins.' });

const DAY = 86_400_000;

function periodOf(from: string | undefined, to: string | undefined): { from: Date; to: Date } {
  const today = Math.floor(Date.now() / DAY) * DAY;
  const end = to === undefined ? today + DAY : Date.parse(to) + (to.length === 10 ? DAY : 0);
  return { from: new Date(from === undefined ? end - 31 * DAY : Date.parse(from)), to: new Date(end) };
}

const COUNTS = {
  calls: z.int(),
  failedCalls: z.int(),
  toolCalls: z.int(),
  promptTokens: z.int(),
  cachedTokens: z.int(),
  completionTokens: z.int(),
  totalTokens: z.int(),
  chargedMicroCredits: ZMicroCredits,
};

export const ZUsageRow = z
  .object({
    key: z.string().describe('A date, a model alias, or the id of a room, direct chat or agent.'),
    label: z.string().describe('For a person.'),
    ...COUNTS,
  })
  .meta({ id: 'UsageRow' });
export type UsageRow = z.infer<typeof ZUsageRow>;

export const ZUsageReport = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    groupBy: ZUsageGroup,
    items: z.array(ZUsageRow),
    nextCursor: z.null(),
    total: z.object(COUNTS),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof ZUsageReport>;

/** One provider call as the receipt shows it: the row, and the formula with its numbers. */
export const ZReceiptCall = z.object({
  id: z.uuid(),
  stepId: z.uuid().nullable(),
  agentName: z.string(),
  purpose: z.string(),
  status: z.string(),
  provider: z.string(),
  model: z.string(),
  modelAlias: z.string(),
  promptTokens: z.int(),
  freshTokens: z.int(),
  cachedTokens: z.int(),
  completionTokens: z.int(),
  totalTokens: z.int(),
  multiplier: z.string(),
  formula: z.string(),
  chargedMicroCredits: ZMicroCredits,
  latencyMs: z.int(),
  requestId: z.string(),
  errorCode: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

export const ZReceiptTool = z.object({
  id: z.uuid(),
  stepId: z.uuid().nullable(),
  tool: z.string(),
  status: z.string(),
  units: z.int(),
  chargedMicroCredits: ZMicroCredits,
  createdAt: z.iso.datetime(),
});

export const ZReceipt = z
  .object({
    turnId: z.uuid(),
    status: z.string(),
    pricingVersion: z.object({ id: z.int(), name: z.string() }),
    formula: z.string(),
    calls: z.array(ZReceiptCall),
    tools: z.array(ZReceiptTool),
    sumMicroCredits: ZMicroCredits.describe('The sum of the rows.'),
    chargedMicroCredits: ZMicroCredits.describe('What the turn says it was charged: the same.'),
    reservedMicroCredits: ZMicroCredits.describe('Still set aside; 0 once the turn has ended.'),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof ZReceipt>;
