import type { App } from '#server/app.ts';

/** Whoever speaks or spoke in a conversation. In a direct chat that is the chat’s agent, under the chat’s id. */
export type Speaker = { id: string; name: string };

/**
 * Every agent that has or had a seat there, those that left included: how agents are told apart at a glance is chosen among
 * all of them, so that each looks the same on every page. The conversation must be the caller's, or be shared.
 */
export async function findSpeakers({ db }: Pick<App, 'db'>, conversationId: string): Promise<Speaker[]> {
  const { rows } = await db.query<Speaker>(
    `SELECT id, name FROM room_agents WHERE room_id = $1
     UNION ALL SELECT id, agent->>'name' FROM direct_sessions WHERE id = $1`,
    [conversationId],
  );
  return rows;
}
