import type { App } from '#server/app.ts';
import type { Assistant, SearchAssistants } from '#server/langgraph/contract.ts';
import { presentAssistant, type AssistantRow } from '#server/langgraph/present-assistant.ts';

/** The caller's rooms and direct chats, the last changed first. */
export async function findAssistants(
  { db }: Pick<App, 'db'>,
  { userId, search }: { userId: string; search: SearchAssistants },
): Promise<Assistant[]> {
  const { rows } = await db.query<AssistantRow>(
    `SELECT * FROM (
       SELECT 'room' AS kind, id, name, description, coalesce(pending_mode, current_mode) AS mode, created_at, updated_at
       FROM rooms WHERE owner_id = $1 AND deleted_at IS NULL
       UNION ALL
       SELECT 'direct', id, title, '', 'direct', created_at, updated_at
       FROM direct_sessions WHERE owner_id = $1 AND deleted_at IS NULL) a
     WHERE ($2::text IS NULL OR mode = $2) AND ($3::text IS NULL OR position(lower($3) in lower(name)) > 0)
       AND jsonb_build_object('kind', kind) @> $4::jsonb
     ORDER BY updated_at DESC, id DESC LIMIT $5 OFFSET $6`,
    [
      userId,
      search.graph_id ?? null,
      search.name ?? null,
      JSON.stringify(search.metadata ?? {}),
      search.limit,
      search.offset,
    ],
  );
  return rows.map(presentAssistant);
}
