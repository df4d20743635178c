import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import type { SearchHit } from '#server/search/contract.ts';
import { MATCH_END, MATCH_START, readSnippet } from '#server/search/snippet.ts';

export type SearchMessages = {
  userId: string;
  q: string;
  /** Only what was said in this room or direct chat. */
  conversationId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
};

type Hit = {
  id: string;
  turn_id: string;
  room_id: string | null;
  direct_session_id: string | null;
  conversation_name: string;
  role: SearchHit['role'];
  agent_name: string | null;
  headline: string;
  created_at: Date;
};

/** By words, or where no word is found, by parts of words; the pages after the first go on as the first did. */
const ZCursor = z.object({ by: z.enum(['word', 'part']), at: z.iso.datetime(), id: z.guid() });
type Manner = z.infer<typeof ZCursor>['by'];

/**
 * What a user and their agents said, newest first: all the words, in any form that English knows, the last one perhaps
 * unfinished; `"a phrase"`, `or` and `-without` as search engines have them. Rooms, chats and messages that were deleted
 * are not looked into.
 */
export async function searchMessages(app: Pick<App, 'db'>, options: SearchMessages): Promise<Page<SearchHit>> {
  const after = decodeCursor(ZCursor, options.cursor);
  if (after) return pageOf(await find(app, options, after.by, after), after.by, options.limit);
  const found = await find(app, options, 'word', null);
  if (found.length > 0) return pageOf(found, 'word', options.limit);
  return pageOf(await find(app, options, 'part', null), 'part', options.limit);
}

async function find(
  { db }: Pick<App, 'db'>,
  { userId, q, conversationId, limit }: SearchMessages,
  by: Manner,
  after: z.infer<typeof ZCursor> | null,
): Promise<Hit[]> {
  const unfinished = unfinishedWord(q);
  const asked = by === 'word' ? [q, unfinished, q.slice(0, q.length - unfinished.length)] : [q, likePattern(q)];
  const { rows } = await db.query<Hit>(by === 'word' ? BY_WORD : BY_PART, [
    userId,
    conversationId ?? null,
    after?.at ?? null,
    after?.id ?? null,
    limit + 1,
    ...asked,
  ]);
  return rows;
}

function pageOf(rows: Hit[], by: Manner, limit: number): Page<SearchHit> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last;
  return {
    items: page.map(present),
    nextCursor: more ? encodeCursor({ by, at: last.created_at.toISOString(), id: last.id }) : null,
  };
}

function present(row: Hit): SearchHit {
  return {
    messageId: row.id,
    turnId: row.turn_id,
    ...(row.room_id === null ? {} : { roomId: row.room_id }),
    ...(row.direct_session_id === null ? {} : { directSessionId: row.direct_session_id }),
    conversationName: row.conversation_name,
    role: row.role,
    ...(row.agent_name === null ? {} : { agentName: row.agent_name }),
    snippet: readSnippet(row.headline),
    createdAt: row.created_at.toISOString(),
  };
}

/** The last word, which may be the beginning of another; not where it is part of a phrase or left out by a minus. */
function unfinishedWord(q: string): string {
  const inPhrase = q.split('"').length % 2 === 0;
  return inPhrase ? '' : (/(?<=^|\s)[\p{L}\p{N}]+$/u.exec(q)?.[0] ?? '');
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/gu, (sign) => `\\${sign}`)}%`;
}

/**
 * The user’s own, in one place for both manners. $1 user, $2 conversation, $3 and $4 the last one seen, $5 how many. What they
 * say is read once it is known which they are: it may be long, and of a common word there are many.
 */
const HITS = (matches: string) => `
  SELECT newest.*, m.role, m.agent_name, translate(left(m.content, 100000), E'\\x02\\x03', '') AS content
  FROM (
    SELECT m.id, m.turn_id, t.room_id, t.direct_session_id, coalesce(r.name, d.title) AS conversation_name, m.created_at
    FROM messages m
    JOIN turns t ON t.id = m.turn_id AND t.user_id = $1
    LEFT JOIN rooms r ON r.id = t.room_id
    LEFT JOIN direct_sessions d ON d.id = t.direct_session_id
    WHERE ${matches} AND t.what_if_of IS NULL AND m.deleted_at IS NULL AND r.deleted_at IS NULL AND d.deleted_at IS NULL
      AND ($2::uuid IS NULL OR t.conversation_id = $2)
      AND ($3::timestamptz IS NULL OR (m.created_at, m.id) < ($3, $4::uuid))
    ORDER BY m.created_at DESC, m.id DESC LIMIT $5
  ) newest JOIN messages m ON m.id = newest.id`;

const HEADLINE = `'MaxWords=32, MinWords=16, ShortWord=0, StartSel="${MATCH_START}", StopSel="${MATCH_END}"'`;

const BY_WORD = `
WITH asked AS MATERIALIZED (
  SELECT websearch_to_tsquery('english', $6) || websearch_to_tsquery('simple', $6) || CASE WHEN $7 = '' THEN ''::tsquery
    ELSE websearch_to_tsquery('simple', $8) && to_tsquery('simple', $7 || ':*') END AS query
), hits AS (${HITS('m.search @@ (SELECT query FROM asked)')})
SELECT hits.*, CASE WHEN strpos(stems.marked, '${MATCH_START}') > 0 THEN stems.marked
  ELSE ts_headline('simple', content, asked.query, ${HEADLINE}) END AS headline
FROM hits, asked, LATERAL (SELECT ts_headline('english', content, asked.query, ${HEADLINE}) AS marked) stems
ORDER BY created_at DESC, id DESC`;

const BY_PART = `
WITH hits AS (${HITS('m.content ILIKE $7')}), placed AS (
  SELECT *, strpos(lower(content), lower($6)) AS at FROM hits
)
SELECT *, CASE WHEN at > 81 THEN '…' ELSE '' END || substring(content FROM greatest(1, at - 80) FOR least(at - 1, 80))
  || '${MATCH_START}' || substring(content FROM at FOR length($6)) || '${MATCH_END}'
  || substring(content FROM at + length($6) FOR 120) AS headline
FROM placed ORDER BY created_at DESC, id DESC`;
