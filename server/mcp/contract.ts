import { z } from 'zod';
import { ZModelAlias } from '#server/agents/contract.ts';
import { ZMode } from '#server/rooms/contract.ts';
import { MAX_MESSAGE_CHARACTERS, ZPlan, ZProblem, ZStepStatus, ZTurnStatus } from '#server/turns/contract.ts';

/** What `/mcp` takes: one JSON-RPC message. What it means is the protocol's. */
export const ZRpcMessage = z
  .looseObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number()]).optional(),
    method: z.string().optional(),
    params: z.looseObject({}).optional(),
  })
  .meta({ id: 'McpMessage' });
export type RpcMessage = z.infer<typeof ZRpcMessage>;

const ZRoomName = z
  .string()
  .min(1)
  .max(200)
  .describe('`room:<id>` or `direct:<id>` as list_rooms gives it, or the name of a room that has no namesake.');

const ZCredits = z.number().describe('Credits, as on the receipt.');

export const ZListRooms = z.object({
  search: z.string().max(200).optional().describe('Only those with this in their name.'),
});
export const ZRoomList = z.object({
  rooms: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string(),
      mode: z
        .string()
        .describe('manual: only tagged agents answer; roundtable: all in turn; orchestrator: a manager plans.'),
      agents: z.array(z.object({ name: z.string(), model: ZModelAlias })),
    }),
  ),
  more: z.boolean().describe('There are more than these; search by name.'),
});

export const ZAskRoom = z.object({
  room: ZRoomName,
  message: z.string().min(1).max(MAX_MESSAGE_CHARACTERS).describe('What the agents are asked, in your own words.'),
  agents: z
    .array(z.string().min(1).max(100))
    .max(20)
    .optional()
    .describe('In manual mode: who is to answer, by name, or `all`. The same as @name in the message.'),
  mode: ZMode.optional().describe('Switches the room to this mode, from this message on.'),
});

export const ZAnswer = z.object({
  agent: z.string(),
  model: ZModelAlias,
  status: ZStepStatus,
  content: z.string(),
  error: ZProblem.optional(),
  credits: ZCredits,
});

export const ZTold = z.object({
  turnId: z.uuid(),
  status: ZTurnStatus,
  message: z.string(),
  answers: z.array(ZAnswer),
  plan: ZPlan.optional(),
  sources: z.array(z.object({ number: z.int(), title: z.string(), url: z.string().optional() })),
  credits: ZCredits,
});
export type Told = z.infer<typeof ZTold>;

export const ZReadRoom = z.object({
  room: ZRoomName,
  turns: z.int().min(1).max(20).default(5).describe('How many of the last turns.'),
});
export const ZRoomRead = z.object({ room: z.string(), turns: z.array(ZTold) });

export const ZStopTurn = z.object({ turnId: z.uuid().describe('As ask_room and read_room give it.') });
export const ZStopped = z.object({ turnId: z.uuid(), status: ZTurnStatus });
