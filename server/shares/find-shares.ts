import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';
import type { Share } from '#server/shares/contract.ts';
import { presentShare, type ShareRow } from '#server/shares/present-share.ts';

type FindShares = PageQuery & { userId: string; conversationId?: string | undefined; shareId?: string };

/** A user’s links that are in force, newest first. */
export async function findShares(
  { db }: Pick<App, 'db'>,
  { userId, conversationId, shareId, cursor, limit }: FindShares,
): Promise<Page<Share>> {
  const before = decodeCursor(z.guid(), cursor);
  const { rows } = await db.query<ShareRow>(
    `SELECT s.id, s.kind, s.turn_id AS "turnId", t.room_id AS "roomId", t.direct_session_id AS "directSessionId",
       coalesce(r.name, d.title) AS "conversationName", s.created_at AS "createdAt", s.expires_at AS "expiresAt"
     FROM shares s JOIN turns t ON t.id = s.turn_id
     LEFT JOIN rooms r ON r.id = t.room_id LEFT JOIN direct_sessions d ON d.id = t.direct_session_id
     WHERE s.owner_id = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
       AND r.deleted_at IS NULL AND d.deleted_at IS NULL
       AND ($2::uuid IS NULL OR t.conversation_id = $2) AND ($3::uuid IS NULL OR s.id = $3) AND ($4::uuid IS NULL OR s.id < $4)
     ORDER BY s.id DESC LIMIT $5`,
    [userId, conversationId ?? null, shareId ?? null, before, limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(presentShare), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
