import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { FileAccess } from '#server/files/contract.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';

type AccessRow = {
  id: string;
  turn_id: string;
  step_id: string | null;
  agent_name: string | null;
  action: FileAccess['action'];
  pages: number[] | null;
  allowed: boolean;
  created_at: Date;
};

/** Who read what of a file, and who was denied, newest first. Being told its name alone is no reading. */
export async function findFileAccesses(
  { db }: Pick<App, 'db'>,
  { fileId, cursor, limit }: { fileId: string; cursor?: string | undefined; limit: number },
): Promise<Page<FileAccess>> {
  const { rows } = await db.query<AccessRow>(
    `SELECT a.id, a.turn_id, a.step_id, s.agent_name, a.action, a.pages, a.allowed, a.created_at
     FROM file_access_events a LEFT JOIN turn_steps s ON s.id = a.step_id
     WHERE a.file_id = $1 AND a.action <> 'list' AND ($2::uuid IS NULL OR a.id < $2)
       AND (a.action <> 'search' OR NOT a.allowed OR jsonb_array_length(coalesce(a.pages, '[]')) > 0)
     ORDER BY a.id DESC LIMIT $3`,
    [fileId, decodeCursor(z.guid(), cursor), limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(present), nextCursor: last && rows.length > limit ? encodeCursor(last.id) : null };
}

function present(row: AccessRow): FileAccess {
  return {
    id: row.id,
    turnId: row.turn_id,
    stepId: row.step_id,
    agentName: row.agent_name,
    action: row.action,
    pages: row.pages,
    allowed: row.allowed,
    createdAt: row.created_at.toISOString(),
  };
}
