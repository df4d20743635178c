import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import type { Message } from '#server/turns/contract.ts';

const ZCursor = z.object({ depth: z.int(), index: z.int() });

type MessageOnBranch = {
  id: string;
  role: Message['role'];
  agent_id: string | null;
  agent_name: string | null;
  content: string;
  turn_id: string;
  step_id: string | null;
  parent_id: string | null;
  created_at: Date;
  pinned_at: Date | null;
  depth: number;
  index: number;
};

export type FindMessages = {
  conversationId: string;
  branchId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
};

/**
 * A page of a branch's messages, oldest first. The tree is kept by the turns: a message's parent is the message before it
 * on the branch. Of the messages only the page's are read, however long the branch is. The conversation must be the caller's.
 */
export async function findMessages(app: Pick<App, 'db'>, options: FindMessages): Promise<Page<Message>> {
  const after = decodeCursor(ZCursor, options.cursor);
  const { rows } = await app.db.query<MessageOnBranch>(ON_BRANCH, [
    options.conversationId,
    options.branchId ?? null,
    after?.depth ?? -1,
    after?.index ?? -1,
    options.limit + 1,
  ]);
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  return {
    items: page.map(presentMessage),
    nextCursor: rows.length > options.limit && last ? encodeCursor({ depth: last.depth, index: last.index }) : null,
  };
}

export type MessageRow = Omit<MessageOnBranch, 'depth' | 'index'>;

export function presentMessage(row: MessageRow): Message {
  return {
    id: row.id,
    role: row.role,
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    ...(row.agent_name === null ? {} : { agentName: row.agent_name }),
    content: row.content,
    turnId: row.turn_id,
    ...(row.step_id === null ? {} : { stepId: row.step_id }),
    parentId: row.parent_id,
    createdAt: row.created_at.toISOString(),
    ...(row.pinned_at === null ? {} : { pinnedAt: row.pinned_at.toISOString() }),
  };
}

const ON_BRANCH = `
WITH RECURSIVE branch AS (
  SELECT t.id, t.parent_turn_id, t.depth FROM room_sessions b JOIN turns t ON t.id = b.head_turn_id
  WHERE b.conversation_id = $1 AND CASE WHEN $2::uuid IS NULL THEN b.active ELSE b.id = $2::uuid END
  UNION ALL
  SELECT t.id, t.parent_turn_id, t.depth FROM branch b JOIN turns t ON t.id = b.parent_turn_id
), page AS (
  SELECT m.*, b.depth
  FROM (SELECT id, depth FROM branch WHERE depth >= $3 ORDER BY depth) b
  CROSS JOIN LATERAL (SELECT * FROM messages m WHERE m.turn_id = b.id AND m.deleted_at IS NULL) m
  WHERE (b.depth, m.index) > ($3, $4)
  ORDER BY b.depth, m.index LIMIT $5
)
SELECT p.*, coalesce(
    lag(p.id) OVER (ORDER BY p.depth, p.index),
    (SELECT m.id
     FROM (SELECT id, depth FROM branch WHERE depth <= $3 ORDER BY depth DESC) b
     CROSS JOIN LATERAL (SELECT id, index FROM messages m WHERE m.turn_id = b.id AND m.deleted_at IS NULL) m
     WHERE (b.depth, m.index) <= ($3, $4)
     ORDER BY b.depth DESC, m.index DESC LIMIT 1)
  ) AS parent_id
FROM page p ORDER BY p.depth, p.index`;
