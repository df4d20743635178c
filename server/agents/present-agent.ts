import { ZAgent, type Agent } from '#server/agents/contract.ts';
import type { RoomAgent } from '#server/platform/prisma/client.ts';

/** An agent as the wire shows it; its columns that the wire doesn't have are stripped by the schema. */
export function presentAgent(row: RoomAgent): Agent {
  return ZAgent.parse(row);
}
