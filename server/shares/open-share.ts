import type { App } from '#server/app.ts';
import { findSpeakers } from '#server/agents/find-speakers.ts';
import { hashToken } from '#server/auth/token.ts';
import { notFound } from '#server/platform/errors.ts';
import type { SharedConversation, SharedSource } from '#server/shares/contract.ts';
import type { Citation } from '#server/turns/contract.ts';

/** A page is as long as somebody reads. */
const MAX_TURNS = 200;

type Row = {
  name: string;
  conversation_id: string;
  turn_id: string;
  parent_turn_id: string | null;
  turn_at: Date;
  id: string | null;
  role: 'user' | 'agent' | 'synthesis' | null;
  agent_id: string | null;
  agent_name: string | null;
  content: string | null;
  citations: Citation[] | null;
};

/**
 * What a link shows to whoever has it: messages that were not deleted and the sources that they name, and nothing else about
 * the room, its agents or its owner. A link that is unknown, revoked or expired, or whose conversation was deleted, is `not_found`.
 */
export async function openShare({ db }: Pick<App, 'db'>, token: string): Promise<SharedConversation> {
  const { rows } = await db.query<Row>(SHARED, [hashToken(token), MAX_TURNS]);
  const [first] = rows;
  if (!first) throw notFound();
  const turns = new Map<string, SharedConversation['turns'][number]>();
  for (const row of rows) {
    const turn = turns.get(row.turn_id) ?? {
      id: row.turn_id,
      at: row.turn_at.toISOString(),
      message: null,
      replies: [],
    };
    turns.set(row.turn_id, turn);
    if (row.id === null || row.role === null) continue;
    const content = row.content ?? '';
    if (row.role === 'user') turn.message = content;
    else {
      const sources = (row.citations ?? []).map(presentSource);
      turn.replies.push({
        id: row.id,
        role: row.role,
        agentId: row.agent_id,
        agentName: row.agent_name,
        content,
        sources,
      });
    }
  }
  const shown = [...turns.values()].filter(({ message, replies }) => message !== null || replies.length > 0);
  return {
    title: first.name,
    cutOff: turns.size === MAX_TURNS && first.parent_turn_id !== null,
    speakers: await findSpeakers({ db }, first.conversation_id),
    turns: shown,
  };
}

function presentSource(citation: Citation): SharedSource {
  if (citation.kind === 'web') return citation;
  const { kind, number, title, page } = citation;
  return { kind, number, title, page, quote: '' };
}

const SHARED = `
WITH RECURSIVE share AS (
  SELECT s.kind, s.turn_id, t.conversation_id, coalesce(r.name, d.title) AS name
  FROM shares s JOIN turns t ON t.id = s.turn_id JOIN users u ON u.id = s.owner_id AND u.deleted_at IS NULL
  LEFT JOIN rooms r ON r.id = t.room_id LEFT JOIN direct_sessions d ON d.id = t.direct_session_id
  WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND r.deleted_at IS NULL AND d.deleted_at IS NULL
), branch AS (
  SELECT t.id, t.parent_turn_id, t.depth, t.created_at, 1 AS place FROM share JOIN turns t ON t.id = share.turn_id
  UNION ALL
  SELECT t.id, t.parent_turn_id, t.depth, t.created_at, b.place + 1
  FROM branch b JOIN turns t ON t.id = b.parent_turn_id, share WHERE share.kind = 'conversation' AND b.place < $2
)
SELECT share.name, share.conversation_id, b.id AS turn_id, b.parent_turn_id, b.created_at AS turn_at, m.id, m.role, s.agent_id, m.agent_name, m.content, s.citations
FROM share, branch b LEFT JOIN messages m ON m.turn_id = b.id AND m.deleted_at IS NULL LEFT JOIN turn_steps s ON s.id = m.step_id
ORDER BY b.depth, m.index`;
