import type { Room } from '#server/rooms/contract.ts';
import { ZMode } from '#server/rooms/contract.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import type { Room as RoomRow, RoomAgent } from '#server/platform/prisma/client.ts';

/** A room as the wire shows it; with its agents when they were read, in their order. */
export function presentRoom(row: RoomRow & { agents?: RoomAgent[] }): Room {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    currentMode: ZMode.parse(row.currentMode),
    pendingMode: ZMode.nullable().parse(row.pendingMode),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
    ...(row.agents ? { agents: row.agents.map(presentAgent) } : {}),
  };
}
