import { z } from 'zod';
import { ZAgent, ZModelAlias } from '#server/agents/contract.ts';
import { ZMode } from '#server/rooms/contract.ts';

/** Integer micro-credits as a string: 1 credit = 1,000,000. */
export const ZMicroCredits = z.string().regex(/^-?\d+$/);

export const TURN_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export const ZTurnStatus = z.enum(TURN_STATUSES);
export type TurnStatus = z.infer<typeof ZTurnStatus>;

export const STEP_STATUSES = ['pending', 'running', 'completed', 'failed', 'skipped', 'cancelled'] as const;
export const ZStepStatus = z.enum(STEP_STATUSES);
export type StepStatus = z.infer<typeof ZStepStatus>;

export const ZStepKind = z.enum(['manager', 'agent', 'synthesis']);
export type StepKind = z.infer<typeof ZStepKind>;

export const ZUsage = z.object({
  promptTokens: z.int(),
  completionTokens: z.int(),
  cachedTokens: z.int(),
  totalTokens: z.int(),
  chargedMicroCredits: ZMicroCredits,
  latencyMs: z.int(),
});

export const ZProblem = z.object({ code: z.string(), message: z.string() });
export type Problem = z.infer<typeof ZProblem>;

/** A source that a text may refer to as `[number]`; the number is the same for all agents of a turn. */
export const ZCitation = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('web'),
      number: z.int(),
      title: z.string(),
      url: z.string(),
      host: z.string(),
      quote: z.string(),
    }),
    z.object({
      kind: z.literal('file'),
      number: z.int(),
      title: z.string(),
      fileId: z.uuid(),
      page: z.int().nullable(),
      quote: z.string(),
    }),
  ])
  .meta({ id: 'Citation' });
export type Citation = z.infer<typeof ZCitation>;

export const ZToolCall = z
  .object({
    id: z.string(),
    tool: z.string(),
    arguments: z.unknown(),
    /** `waiting`: for the person's word; see `approval`. */
    status: z.enum(['waiting', 'running', 'completed', 'failed', 'denied']),
    /** Of a call that waits: until when it can be decided, at `POST /api/v1/tool-approvals/:id` with the call's id. */
    approval: z.object({ expiresAt: z.iso.datetime() }).optional(),
    /** Of a tool of a tool server: whose it is, and what it is called there. */
    origin: z.object({ serverId: z.uuid(), server: z.string(), tool: z.string() }).optional(),
    summary: z.string(),
    error: ZProblem.optional(),
    /** The sources that it found, numbered. */
    citations: z.array(ZCitation).optional(),
    chargedMicroCredits: ZMicroCredits.optional(),
  })
  .meta({ id: 'ToolCall' });
export type ToolCall = z.infer<typeof ZToolCall>;

/** What the manager decides: equal `group` runs in parallel, groups ascend. */
export const ZPlan = z
  .object({
    rationale: z.string(),
    assignments: z.array(
      z.object({
        agent: z.string(),
        instruction: z.string(),
        group: z.int(),
        files: z.array(z.string()).exactOptional(),
      }),
    ),
  })
  .meta({ id: 'TurnPlan' });
export type Plan = z.infer<typeof ZPlan>;

export const ZStep = z
  .object({
    id: z.uuid(),
    index: z.int(),
    kind: ZStepKind,
    agentId: z.uuid().nullable(),
    agentName: z.string(),
    modelAlias: ZModelAlias,
    requestedModel: z.string().nullable(),
    servedModel: z.string().nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    status: ZStepStatus,
    instruction: z.string().nullable(),
    /** Of a step that runs: what it has said up to the turn's `lastSeq`. */
    content: z.string(),
    /** What a manager has decided. */
    plan: ZPlan.optional(),
    error: ZProblem.optional(),
    toolCalls: z.array(ZToolCall),
    /** The sources that the content refers to. */
    citations: z.array(ZCitation).optional(),
    reusedFromStepId: z.uuid().nullable(),
    /** Of the platform's prompt (graphs/prompts) that it was asked with: a hash of its text. */
    promptVersion: z.string().nullable().optional(),
    usage: ZUsage,
  })
  .meta({ id: 'Step' });
export type Step = z.infer<typeof ZStep>;

export const ZTurnMode = z.union([ZMode, z.literal('direct')]);
export type TurnMode = z.infer<typeof ZTurnMode>;

export const ZTurn = z
  .object({
    id: z.uuid(),
    roomId: z.uuid().optional(),
    directSessionId: z.uuid().optional(),
    parentTurnId: z.uuid().nullable(),
    /** Of a what-if: the turn that it tries differently. */
    whatIfOf: z.uuid().optional(),
    /** In lists, where there are any: how many what-ifs of this turn there are. */
    whatIfs: z.int().optional(),
    /** In lists, where there are several: the turns that stand in this one's place on other branches, itself included, oldest first. */
    siblingTurnIds: z.array(z.uuid()).optional(),
    status: ZTurnStatus,
    mode: ZTurnMode,
    message: z.string(),
    /** Attached to the message. */
    files: z.array(z.object({ id: z.uuid(), name: z.string() })).optional(),
    roster: z.array(ZAgent),
    steps: z.array(ZStep),
    /** The sources that its steps refer to. */
    citations: z.array(ZCitation).optional(),
    failedSteps: z.int(),
    chargedMicroCredits: ZMicroCredits,
    reservedMicroCredits: ZMicroCredits,
    warnings: z.array(ZProblem),
    error: ZProblem.optional(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    lastSeq: z.int(),
  })
  .meta({ id: 'Turn' });
export type Turn = z.infer<typeof ZTurn>;

export const ZMessage = z
  .object({
    id: z.uuid(),
    role: z.enum(['user', 'agent', 'synthesis']),
    agentId: z.uuid().optional(),
    agentName: z.string().optional(),
    content: z.string(),
    turnId: z.uuid(),
    stepId: z.uuid().optional(),
    parentId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    pinnedAt: z.iso.datetime().optional(),
    deletedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof ZMessage>;

export const EVENT_TYPES = [
  'turn_queued',
  'turn_started',
  'route_decided',
  'step_started',
  'step_delta',
  'tool_started',
  'tool_completed',
  'step_completed',
  'step_failed',
  'step_skipped',
  'step_cancelled',
  'turn_completed',
  'turn_failed',
  'turn_cancelled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const TERMINAL_EVENTS = ['turn_completed', 'turn_failed', 'turn_cancelled'] as const;

function event<T extends EventType, D extends z.ZodType>(type: T, data: D) {
  return z.object({ seq: z.int(), type: z.literal(type), turnId: z.uuid(), at: z.iso.datetime(), data });
}
function stepEvent<T extends EventType, D extends z.ZodType>(type: T, data: D) {
  return event(type, data).extend({ stepId: z.uuid() });
}

/** The wire's union; its sequence is drawn in docs/events.md. */
export const ZTurnEvent = z
  .discriminatedUnion('type', [
    event('turn_queued', z.object({ position: z.int() })),
    event('turn_started', z.object({ mode: ZTurnMode, message: z.string() })),
    stepEvent('route_decided', ZPlan),
    stepEvent('step_started', ZStep),
    stepEvent('step_delta', z.object({ text: z.string() })),
    stepEvent('tool_started', ZToolCall),
    stepEvent('tool_completed', ZToolCall),
    stepEvent('step_completed', ZStep),
    stepEvent('step_failed', ZStep),
    stepEvent('step_skipped', ZStep),
    stepEvent('step_cancelled', ZStep),
    event('turn_completed', ZTurn),
    event('turn_failed', ZTurn),
    event('turn_cancelled', ZTurn),
  ])
  .meta({ id: 'TurnEvent' });
export type TurnEvent = z.infer<typeof ZTurnEvent>;

export function isTerminal(type: EventType): boolean {
  return (TERMINAL_EVENTS as readonly string[]).includes(type);
}

export const MAX_MESSAGE_CHARACTERS = 100_000;

export const ZCreateTurn = z.object({
  message: z
    .string()
    .max(MAX_MESSAGE_CHARACTERS, 'At most 100,000 characters.')
    .refine((value) => value.trim() !== '', 'Write a message.'),
  fileIds: z.array(z.uuid()).max(50).default([]),
  parentTurnId: z.uuid().nullable().optional(),
});
export type CreateTurn = z.infer<typeof ZCreateTurn>;

/** The branch that goes through this turn is the one to be shown and written on. */
export const ZBranchChoice = z.object({ turnId: z.uuid() });

export const ZQueueOrder = z.object({ turnIds: z.array(z.uuid()).max(1000) });
