import { z } from 'zod';
import { ZMicroCredits, ZPlan, ZStepKind, ZStepStatus, ZToolCall, ZTurnMode } from '#server/turns/contract.ts';
import { ZReceiptCall, ZReceiptTool } from '#server/usage/contract.ts';

/** Where a message of a request comes from. */
export const ZPart = z.enum([
  'system',
  'memory',
  'turn',
  'attachments',
  'message',
  'reply',
  'tool_result',
  'correction',
]);
export type Part = z.infer<typeof ZPart>;

export const ZXrayMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
  toolCallId: z.string().optional(),
  part: ZPart.describe(
    'What it is: the rules and the role, what is remembered, what this turn adds, the person’s words …',
  ),
  /** For what is remembered: the turn that it was said in, and who said it. */
  turnId: z.uuid().optional(),
  author: z.string().optional(),
  tokens: z.int().describe('Roughly: four bytes each.'),
});
export type XrayMessage = z.infer<typeof ZXrayMessage>;

/** One request, and whether it is known to be the one that was made. */
export const ZXrayRequest = z.object({
  callNo: z.int().describe('From 0; a step that uses tools, or whose plan is sent back, asks several times.'),
  exact: z
    .boolean()
    .describe('True when its hash is the one that was recorded before the call was made; false: a reconstruction.'),
  why: z.string().optional().describe('Of a reconstruction: what differs, as far as that is known.'),
  recordedHash: z.string(),
  hash: z
    .string()
    .nullable()
    .describe('SHA-256 of messages, structure and tool names; null when it can’t be put together.'),
  messages: z.array(ZXrayMessage),
  tokens: z.int(),
  tools: z.array(
    z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  ),
  structured: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) }).nullable(),
  maxOutputTokens: z.int(),
});
export type XrayRequest = z.infer<typeof ZXrayRequest>;

export const LEFT_OUT = [
  'no_memory',
  'budget',
  'not_its_concern',
  'summarised',
  'too_long_ago',
  'deleted',
  'at_the_same_time',
  'later',
  'not_completed',
  'search_off',
  'files_off',
  'file_not_directed',
  'file_not_read',
] as const;

export const ZLeftOut = z.object({
  code: z.enum(LEFT_OUT),
  reason: z.string(),
  count: z.int(),
  tokens: z.int().nullable(),
  /** The newest of them, at most 20. */
  items: z.array(z.object({ label: z.string(), excerpt: z.string(), turnId: z.uuid().optional() })),
});
export type LeftOut = z.infer<typeof ZLeftOut>;

/** An attempt at a call. Of one that never left, or was lost in a crash, there is no more than that it was begun. */
export const ZXrayCall = z.object({
  id: z.uuid(),
  callNo: z.int(),
  attempt: z.int(),
  status: z.enum(['intent', 'ok', 'failed', 'cancelled', 'lost']),
  requestedModel: z.string(),
  servedModel: z.string().nullable(),
  modelAlias: z.string().nullable(),
  fallback: z.boolean().describe('Another model than the agent’s own was asked.'),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  firstTokenMs: z.int().nullable(),
  latencyMs: z.int().nullable(),
  promptTokens: z.int().nullable(),
  cachedTokens: z.int().nullable(),
  completionTokens: z.int().nullable(),
  chargedMicroCredits: ZMicroCredits.nullable(),
  requestId: z.string().nullable(),
  errorCode: z.string().nullable(),
});
export type XrayCall = z.infer<typeof ZXrayCall>;

export const ZXray = z
  .object({
    turnId: z.uuid(),
    stepId: z.uuid(),
    agentName: z.string(),
    agentId: z.uuid().nullable(),
    kind: ZStepKind,
    mode: ZTurnMode,
    status: ZStepStatus,
    message: z.string().describe('What the person wrote.'),
    reusedFrom: z
      .object({ turnId: z.uuid(), stepId: z.uuid() })
      .nullable()
      .describe('The step was taken over: requests, calls and receipt are those of the step that was asked.'),
    route: z.object({
      reason: z.string(),
      instruction: z.string().nullable(),
      plan: ZPlan.nullable(),
    }),
    prompt: z.object({
      name: z.enum(['agent', 'manager', 'synthesis']),
      version: z.string().nullable(),
      currentVersion: z.string(),
    }),
    memory: z.object({
      policy: z.enum(['full', 'summary', 'selective', 'none']),
      budgetTokens: z.int(),
      summary: z.string().nullable(),
      summaryMadeInThisTurn: z.boolean(),
      messages: z.int(),
      tokens: z.int(),
    }),
    requests: z.array(ZXrayRequest),
    leftOut: z.array(ZLeftOut),
    calls: z.array(ZXrayCall),
    toolCalls: z.array(ZToolCall),
    timings: z.object({
      queuedMs: z.int().nullable().describe('From the message to the turn’s start.'),
      waitedMs: z.int().nullable().describe('From the turn’s start to the step’s.'),
      firstTokenMs: z.int().nullable().describe('From the step’s start to the first token of its first answer.'),
      totalMs: z.int().nullable(),
      modelMs: z.int(),
      toolMs: z.int(),
    }),
    receipt: z.object({
      calls: z.array(ZReceiptCall),
      tools: z.array(ZReceiptTool),
      chargedMicroCredits: ZMicroCredits,
    }),
  })
  .meta({ id: 'Xray' });
export type Xray = z.infer<typeof ZXray>;
