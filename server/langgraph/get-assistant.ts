import type { App } from '#server/app.ts';
import { getOwnedDirectSession, getOwnedRoom } from '#server/auth/find-owned.ts';
import { orNull } from '#server/langgraph/or-null.ts';
import { assistantOfDirectSession, assistantOfRoom, type AssistantRow } from '#server/langgraph/present-assistant.ts';

/** The caller's room or direct chat of this id; throws `not_found`. */
export async function getAssistant(app: Pick<App, 'prisma'>, userId: string, id: string): Promise<AssistantRow> {
  const room = await orNull(getOwnedRoom(app, userId, id));
  if (room) return assistantOfRoom(room);
  return assistantOfDirectSession(await getOwnedDirectSession(app, userId, id));
}
