import type { App } from '#server/app.ts';

/** An agent that has a seat in a room, or had one: `seated` is false for who left or is muted. */
export type Seat = { roomId: string; id: string; name: string; seated: boolean };

/** Of several rooms at once, in the rooms' own orders. The rooms must be the caller's. */
export async function findSeats({ db }: Pick<App, 'db'>, roomIds: readonly string[]): Promise<Seat[]> {
  const { rows } = await db.query<Seat>(
    `SELECT room_id AS "roomId", id, name, active AND deleted_at IS NULL AS seated
     FROM room_agents WHERE room_id = ANY($1) ORDER BY room_id, position, id`,
    [roomIds],
  );
  return rows;
}
