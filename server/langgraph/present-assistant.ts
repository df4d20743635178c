import type { Assistant } from '#server/langgraph/contract.ts';
import type { DirectSession, Room } from '#server/platform/prisma/client.ts';
import type { TurnMode } from '#server/turns/contract.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

export type AssistantRow = {
  kind: Conversation['kind'];
  id: string;
  name: string;
  description: string;
  /** In which the next message is answered. */
  mode: TurnMode;
  created_at: Date;
  updated_at: Date;
};

export function assistantOfRoom(room: Room): AssistantRow {
  const { id, name, description, createdAt, updatedAt } = room;
  const mode = (room.pendingMode ?? room.currentMode) as TurnMode;
  return { kind: 'room', id, name, description, mode, created_at: createdAt, updated_at: updatedAt };
}

export function assistantOfDirectSession({ id, title, createdAt, updatedAt }: DirectSession): AssistantRow {
  const given = { id, name: title, description: '', created_at: createdAt, updated_at: updatedAt };
  return { kind: 'direct', mode: 'direct', ...given };
}

export function presentAssistant(row: AssistantRow): Assistant {
  return {
    assistant_id: row.id,
    graph_id: row.mode,
    name: row.name,
    description: row.description,
    config: {},
    context: {},
    metadata: { kind: row.kind },
    version: 1,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
