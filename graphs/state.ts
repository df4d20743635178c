import type { BaseMessage } from '@langchain/core/messages';
import { Annotation, MessagesZodMeta } from '@langchain/langgraph';
import { schemaMetaRegistry, withLangGraph } from '@langchain/langgraph/zod';
import { z } from 'zod';
import { MAX_ASSIGNMENTS } from './plan.ts';
import type { AgentSnapshot } from './ports.ts';
import type { GraphParts } from './turn-input.ts';

const ZRosterAgent = z.object({
  id: z.string(),
  name: z.string(),
  modelAlias: z.string(),
  rolePrompt: z.string(),
  toolPermissions: z.object({ search: z.boolean(), files: z.boolean() }),
  memoryPolicy: z.enum(['full', 'summary', 'selective', 'none']),
  fallbackAlias: z.string().nullable(),
  position: z.number(),
}) satisfies z.ZodType<AgentSnapshot>;

const ZManager = z.object({ modelAlias: z.string(), fallbackAlias: z.string().nullable().exactOptional() });

/** A file that the manager may direct a worker to. */
const ZFileRef = z.object({ id: z.string(), name: z.string() });
export type FileRef = z.infer<typeof ZFileRef>;

/** What became of a step, as later nodes need it. */
const ZReply = z.object({
  key: z.string(),
  index: z.number(),
  agentName: z.string(),
  kind: z.enum(['manager', 'agent', 'synthesis']),
  status: z.enum(['completed', 'failed', 'skipped', 'cancelled']),
  content: z.string(),
});
export type Reply = z.infer<typeof ZReply>;

const ZPlan = z.object({
  rationale: z.string(),
  assignments: z.array(
    z.object({
      agent: z.string(),
      instruction: z.string(),
      group: z.number(),
      files: z.array(z.string()).exactOptional(),
    }),
  ),
});

const ZFailure = z.object({ code: z.string(), message: z.string() });

/** By key, so that a step that is replayed takes its own place again; in the order of the timeline. */
function mergeReplies(known: Reply[], told: Reply[]): Reply[] {
  const byKey = new Map([...known, ...told].map((reply) => [reply.key, reply]));
  return [...byKey.values()].sort((a, b) => a.index - b.index);
}

/** A field that is there from the start, whatever the input leaves out. */
function field<T>(schema: z.ZodType<T, T>, empty: () => T) {
  return withLangGraph<T, T, z.ZodType<T, T>>(schema, { default: empty });
}

/**
 * The state of one turn: plain text, numbers and lists of them, since a checkpoint revives anything else as what it
 * claims to be. A turn's input is `message`, `roster` and, where they matter, `manager` and `files`; the rest the graph
 * fills in. `messages` is Studio's chat view and stays empty elsewhere.
 */
const State = z.object({
  message: field(z.string().describe('What the person writes to the room.'), () => ''),
  roster: field(
    z.array(ZRosterAgent).describe('The active agents; nobody means the council of the context.'),
    () => [],
  ),
  manager: field(ZManager.nullable().describe('Who plans and sums up; the platform’s if null.'), () => null),
  files: field(z.array(ZFileRef).describe('Files that the manager may direct an agent to.'), () => []),
  replies: withLangGraph(z.array(ZReply) as z.ZodType<Reply[], Reply[]>, {
    reducer: { schema: z.array(ZReply), fn: mergeReplies },
    default: () => [],
  }),
  plan: field(ZPlan.nullable(), () => null),
  failure: field(ZFailure.nullable(), () => null),
  messages: withLangGraph(z.array(z.any()) as unknown as z.ZodType<BaseMessage[], BaseMessage[]>, MessagesZodMeta),
});
export type TurnState = z.infer<typeof State>;

/** The same channels, without what checks them. */
const Channels = Annotation.Root(schemaMetaRegistry.getChannelsForSchema(State)) as unknown as typeof State;

/**
 * LangGraph makes two schemas anew for each update that it checks, which is 4 to 8 % of a turn's CPU. Where the input and the
 * nodes are our own, their types are the check; in Studio people write the state by hand, in forms made of the schema.
 */
export function stateOf({ checked }: Pick<GraphParts, 'checked'>): typeof State {
  return checked ? State : Channels;
}

export type TurnUpdate = Partial<TurnState>;

/** What a turn is given. A run that resumes is given nothing. */
export type TurnInput = Pick<TurnState, 'message' | 'roster'> & Partial<Pick<TurnState, 'manager' | 'files'>>;

/**
 * Supersteps that no turn of a full room comes near: LangGraph's own limit of 25 would end a large roundtable. Pass it
 * as `recursionLimit`.
 */
export const RECURSION_LIMIT = 256;

/** The manager's model where the platform's settings name none (FR-MODE-004). */
export const DEFAULT_MANAGER_ALIAS = 'deepseek';

/**
 * What Studio lets its user edit for a run: the prompts, who sits in the council and on which model, the manager's model,
 * and how much it may hand out. Nothing else passes a context, so there the prompt files and the room hold.
 */
export function contextOf({ prompts, council, models }: Pick<GraphParts, 'prompts' | 'council' | 'models'>) {
  const members = council.flatMap((agent) => [
    [`${memberField(agent)}Prompt`, promptField(agent.rolePrompt, `Who ${agent.name} is.`, ['speak', 'work'])] as const,
    [
      `${memberField(agent)}Model`,
      modelField(agent.modelAlias, `Which model ${agent.name} runs on.`, ['speak', 'work'], models),
    ] as const,
  ]);
  return z.object({
    agentPrompt: promptField(prompts.agent.text, 'What every agent is told, around its own role.', ['speak', 'work']),
    managerPrompt: promptField(prompts.manager.text, 'How the manager plans.', ['route']),
    synthesisPrompt: promptField(prompts.synthesis.text, 'How the manager sums up.', ['synthesise']),
    managerModel: modelField(DEFAULT_MANAGER_ALIAS, 'Which model plans and sums up.', ['route', 'synthesise'], models),
    maxAssignments: withLangGraph(
      z
        .number()
        .int()
        .min(1)
        .max(MAX_ASSIGNMENTS)
        .default(MAX_ASSIGNMENTS)
        .describe('Assignments of one plan at most.'),
      { jsonSchemaExtra: { langgraph_nodes: ['route'] } },
    ),
    ...Object.fromEntries(members),
  });
}
export type StudioContext = {
  agentPrompt?: string;
  managerPrompt?: string;
  synthesisPrompt?: string;
  managerModel?: string;
  maxAssignments?: number;
  [memberField: string]: unknown;
};

/** `analyst` of `studio-analyst`: the beginning of the names of a council member's fields. */
export function memberField({ id }: Pick<AgentSnapshot, 'id'>): string {
  return id.replace(/^studio-/, '');
}

function promptField(text: string, description: string, nodes: string[]) {
  return withLangGraph(z.string().default(text).describe(description), {
    jsonSchemaExtra: { langgraph_nodes: nodes, langgraph_type: 'prompt' },
  });
}

function modelField(alias: string, description: string, nodes: string[], models: readonly string[]) {
  const options = models.map((value) => ({ label: value, value }));
  return withLangGraph(z.string().default(alias).describe(description), {
    jsonSchemaExtra: { langgraph_nodes: nodes, x_oap_ui_config: { type: 'select', options, default: alias } },
  });
}
