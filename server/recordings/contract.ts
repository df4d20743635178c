import { z } from 'zod';
import { ZAgent, ZUpdateAgent } from '#server/agents/contract.ts';
import { ZMicroCredits, ZPlan, ZProblem, ZStepKind, ZStepStatus, ZTurnMode } from '#server/turns/contract.ts';

const ZPromptMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

const ZRecordedStep = z.object({
  key: z.string(),
  index: z.int(),
  kind: ZStepKind,
  agentId: z.string().nullable(),
  agentName: z.string(),
  status: ZStepStatus,
  content: z.string(),
  plan: ZPlan.nullable(),
  error: ZProblem.nullable(),
  /** Numbers of the sources that its text may refer to. */
  citations: z.array(z.int()),
  /** What its model was first asked. */
  request: z.array(ZPromptMessage),
  /** What came back, in order; null where tools were used or nothing was recorded: the outcome is then taken as it is. */
  replies: z.array(z.string()).nullable(),
  promptVersion: z.string().nullable(),
});
export type RecordedStep = z.infer<typeof ZRecordedStep>;

/** A turn with everything that it takes to run it again without a model, a database or credits. */
export const ZRecording = z
  .object({
    format: z.literal('pantheon.recording'),
    version: z.literal(1),
    turnId: z.string(),
    mode: ZTurnMode,
    message: z.string(),
    files: z.array(z.object({ id: z.string(), name: z.string() })),
    managerAlias: z.string(),
    roster: z.array(ZAgent),
    /** By agent, and `manager`: what each remembered. */
    memories: z.record(z.string(), z.object({ summary: z.string().nullable(), messages: z.array(ZPromptMessage) })),
    steps: z.array(ZRecordedStep),
    chargedMicroCredits: ZMicroCredits,
    maxMicroCredits: ZMicroCredits,
  })
  .meta({ id: 'Recording' });
export type Recording = z.infer<typeof ZRecording>;

export const CONTRACTS = ['answered', 'who', 'order', 'plan', 'own_voice', 'sources', 'cost'] as const;
export type Contract = (typeof CONTRACTS)[number];

export const ZVerdict = z.object({
  contract: z.enum(CONTRACTS),
  ok: z.boolean(),
  /** What is wrong, for a person; empty where nothing is. */
  detail: z.string(),
});
export type ContractVerdict = z.infer<typeof ZVerdict>;

const ZChangedRequest = z.object({ stepKey: z.string(), agentName: z.string(), before: z.string(), after: z.string() });

/** A turn replayed with the room as it is, or as it would be: nothing is asked of a model and nothing is charged. */
export const ZTestResult = z
  .object({
    turnId: z.string(),
    message: z.string(),
    mode: ZTurnMode,
    keptAt: z.iso.datetime(),
    chargedMicroCredits: ZMicroCredits,
    maxMicroCredits: ZMicroCredits,
    before: z.array(ZVerdict).describe('As it was recorded.'),
    after: z.array(ZVerdict).describe('As it would be now.'),
    changedRequests: z
      .array(ZChangedRequest)
      .describe('Steps that would be asked something else. What they would answer only a real turn tells.'),
    ok: z.boolean().describe('Nothing that held is broken.'),
  })
  .meta({ id: 'TestResult' });
export type TestResult = z.infer<typeof ZTestResult>;

export const ZTestReport = z
  .object({ items: z.array(ZTestResult), broken: z.int(), changed: z.int() })
  .meta({ id: 'TestReport' });
export type TestReport = z.infer<typeof ZTestReport>;

/** The room with this agent changed: an id for one of its agents, none for a new one. */
export const ZRunTests = z.object({ agent: ZUpdateAgent.extend({ id: z.uuid().optional() }).optional() });
export type RunTests = z.infer<typeof ZRunTests>;

export const ZKeepTest = z.object({
  maxMicroCredits: ZMicroCredits.optional().describe('Default: twice what the turn cost.'),
});

export const ZKeptTest = z
  .object({
    turnId: z.uuid(),
    message: z.string(),
    mode: ZTurnMode,
    keptAt: z.iso.datetime(),
    maxMicroCredits: ZMicroCredits,
  })
  .meta({ id: 'KeptTest' });
export type KeptTest = z.infer<typeof ZKeptTest>;
