import type { App } from '#server/app.ts';
import type { RoomFile } from '#server/export/contract.ts';
import { readTurns } from '#server/export/read-turns.ts';
import { getRoom } from '#server/rooms/get-room.ts';

/** A room as a file. Throws `not_found` for what is absent or someone else’s. */
export async function exportRoom(
  app: Pick<App, 'db' | 'prisma'>,
  { userId, roomId }: { userId: string; roomId: string },
): Promise<RoomFile> {
  const room = await getRoom(app, { userId, roomId });
  return {
    format: 'pantheon.room',
    version: 1,
    exportedAt: new Date().toISOString(),
    name: room.name,
    description: room.description,
    mode: room.pendingMode ?? room.currentMode,
    agents: (room.agents ?? []).map(({ id: _id, position: _position, toolPermissions, ...agent }) => ({
      ...agent,
      toolPermissions: { search: toolPermissions.search, files: toolPermissions.files },
    })),
    turns: await readTurns(app, roomId),
  };
}
