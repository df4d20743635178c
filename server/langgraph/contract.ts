import { z } from 'zod';
import { ZMicroCredits, ZPlan, ZTurnMode, ZTurnStatus } from '#server/turns/contract.ts';

/** LangGraph's API, as far as a room can mean it: docs/api.md says how its words and ours go together. Keys are LangGraph's. */

const ZMetadata = z.record(z.string(), z.unknown());
const time = z.iso.datetime();

export const ZAssistant = z
  .object({
    assistant_id: z.uuid(),
    graph_id: ZTurnMode,
    name: z.string(),
    description: z.string(),
    config: ZMetadata,
    context: ZMetadata,
    metadata: ZMetadata,
    version: z.int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'LangGraphAssistant' });
export type Assistant = z.infer<typeof ZAssistant>;

/** Pages of LangGraph's API: so many after so many. */
const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(10),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
};

export const ZSearchAssistants = z.object({
  graph_id: z.string().nullish(),
  name: z.string().nullish(),
  metadata: ZMetadata.nullish(),
  ...page,
});
export type SearchAssistants = z.infer<typeof ZSearchAssistants>;

export const ZAssistantGraph = z.object({
  nodes: z.array(z.object({ id: z.string(), type: z.string(), data: z.unknown() })),
  edges: z.array(z.object({ source: z.string(), target: z.string(), conditional: z.boolean() })),
});

export const ZAssistantSchemas = z.object({
  graph_id: z.string(),
  input_schema: ZMetadata,
  output_schema: ZMetadata,
  state_schema: ZMetadata,
  config_schema: ZMetadata,
  context_schema: ZMetadata,
});

/** As LangChain writes a message. `name` is the agent's. */
export const ZStateMessage = z.object({
  id: z.string(),
  type: z.enum(['human', 'ai']),
  name: z.string().optional(),
  content: z.string(),
  additional_kwargs: ZMetadata,
  response_metadata: ZMetadata,
  tool_calls: z.array(z.unknown()).optional(),
  invalid_tool_calls: z.array(z.unknown()).optional(),
  usage_metadata: z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }).optional(),
});
export type StateMessage = z.infer<typeof ZStateMessage>;

export const ZState = z
  .object({
    messages: z.array(ZStateMessage).describe('The newest turns of the line, oldest message first.'),
    plan: ZPlan.nullable().describe('What the manager decided in the last turn.'),
    turn: z
      .object({
        id: z.uuid(),
        status: ZTurnStatus,
        mode: ZTurnMode,
        failedSteps: z.int(),
        chargedMicroCredits: ZMicroCredits,
      })
      .nullable(),
  })
  .meta({ id: 'LangGraphState' });
export type State = z.infer<typeof ZState>;

export const ZThread = z
  .object({
    thread_id: z.uuid(),
    created_at: time,
    updated_at: time,
    state_updated_at: time,
    metadata: ZMetadata,
    status: z.enum(['idle', 'busy', 'interrupted', 'error']),
    values: ZState.nullable(),
    interrupts: ZMetadata,
    config: ZMetadata,
  })
  .meta({ id: 'LangGraphThread' });
export type Thread = z.infer<typeof ZThread>;

const metadata = ZMetadata.refine((given) => JSON.stringify(given).length <= 8_192, 'At most 8 KB of metadata.');

export const ZCreateThread = z.object({
  thread_id: z.uuid().nullish(),
  metadata: metadata.nullish(),
  if_exists: z.enum(['raise', 'do_nothing']).nullish(),
  supersteps: z.array(z.unknown()).max(0, 'A thread begins with its first run.').nullish(),
});
export type CreateThread = z.infer<typeof ZCreateThread>;
export const ZUpdateThread = z.object({ metadata: metadata.nullish() });

export const ZSearchThreads = z.object({
  ids: z.array(z.string()).max(1000).nullish(),
  metadata: ZMetadata.nullish(),
  status: z.enum(['idle', 'busy', 'interrupted', 'error']).nullish(),
  sort_by: z.enum(['thread_id', 'status', 'created_at', 'updated_at', 'state_updated_at']).nullish(),
  sort_order: z.enum(['asc', 'desc']).nullish(),
  ...page,
});
export type SearchThreads = z.infer<typeof ZSearchThreads>;

const ZCheckpoint = z.object({
  thread_id: z.string(),
  checkpoint_ns: z.string(),
  checkpoint_id: z.string(),
  checkpoint_map: z.null(),
});
const ZTask = z.object({
  id: z.string(),
  name: z.string(),
  error: z.string().nullable(),
  interrupts: z.array(z.unknown()),
});

export const ZThreadState = z
  .object({
    values: ZState,
    next: z.array(z.string()),
    checkpoint: ZCheckpoint,
    metadata: ZMetadata,
    created_at: time,
    parent_checkpoint: ZCheckpoint.nullable(),
    tasks: z.array(ZTask),
  })
  .meta({ id: 'LangGraphThreadState' });
export type ThreadState = z.infer<typeof ZThreadState>;

const ZGivenCheckpoint = z.object({ checkpoint_id: z.string().nullish() });

export const ZHistoryQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(10),
  before: z.union([z.string(), z.object({ configurable: ZGivenCheckpoint }), ZGivenCheckpoint]).nullish(),
});
export type HistoryQuery = z.infer<typeof ZHistoryQuery>;
export const ZStateQuery = z.object({ checkpoint: ZGivenCheckpoint });

export const STREAM_MODES = ['values', 'updates', 'messages', 'messages-tuple', 'custom', 'tools'] as const;
export type StreamMode = (typeof STREAM_MODES)[number];
/** The others that LangGraph has are taken and give nothing: what they would tell is the inside of a graph. */
const ZStreamMode = z.enum([...STREAM_MODES, 'events', 'debug', 'tasks', 'checkpoints']);

export const ZCreateRun = z.object({
  assistant_id: z.string(),
  input: z.unknown().optional().describe('Absent or null at what was asked: the same again.'),
  command: z.null('A room asks nobody to go on: send a message.').optional(),
  checkpoint: ZGivenCheckpoint.nullish(),
  checkpoint_id: z.string().nullish(),
  stream_mode: z.union([ZStreamMode, z.array(ZStreamMode)]).nullish(),
  on_disconnect: z.enum(['cancel', 'continue']).nullish(),
  multitask_strategy: z.enum(['enqueue', 'reject', 'interrupt', 'rollback']).nullish(),
  file_ids: z.array(z.uuid()).max(50).nullish().describe('Files of the room, attached to the message.'),
});
export type CreateRun = z.infer<typeof ZCreateRun>;

export const ZRun = z
  .object({
    run_id: z.uuid().describe('The turn’s id.'),
    thread_id: z.uuid(),
    assistant_id: z.uuid(),
    created_at: time,
    updated_at: time,
    status: z.enum(['pending', 'running', 'error', 'success', 'timeout', 'interrupted']),
    metadata: ZMetadata,
    kwargs: ZMetadata,
    multitask_strategy: z.literal('enqueue'),
  })
  .meta({ id: 'LangGraphRun' });
export type RunView = z.infer<typeof ZRun>;

export const ZFindRuns = z.object({ status: ZRun.shape.status.optional(), ...page });

/** `messages-tuple` and the rest as server-sent events: `event`, `data`, and an `id` to go on after. */
export const ZStreamPart = z
  .object({ id: z.string(), event: z.string(), data: z.unknown() })
  .meta({ id: 'LangGraphStreamPart' });

export const ZWaited = z.union([ZState, z.object({ __error__: z.object({ error: z.string(), message: z.string() }) })]);
