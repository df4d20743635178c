import type { App } from '#server/app.ts';
import type { ExportedTurn } from '#server/export/contract.ts';

type Row = {
  turn_id: string;
  at: Date;
  mode: ExportedTurn['mode'];
  role: 'user' | 'agent' | 'synthesis';
  agent_name: string | null;
  content: string;
};

/** Who said what on the branch that is shown, oldest first, without what was deleted. The conversation must be the caller’s. */
export async function readTurns({ db }: Pick<App, 'db'>, conversationId: string): Promise<ExportedTurn[]> {
  const { rows } = await db.query<Row>(
    `WITH RECURSIVE branch AS (
       SELECT t.id, t.parent_turn_id, t.depth, t.mode, t.created_at
       FROM room_sessions b JOIN turns t ON t.id = b.head_turn_id WHERE b.conversation_id = $1 AND b.active
       UNION ALL
       SELECT t.id, t.parent_turn_id, t.depth, t.mode, t.created_at FROM branch b JOIN turns t ON t.id = b.parent_turn_id
     )
     SELECT b.id AS turn_id, b.created_at AS at, b.mode, m.role, m.agent_name, m.content
     FROM branch b JOIN messages m ON m.turn_id = b.id AND m.deleted_at IS NULL ORDER BY b.depth, m.index`,
    [conversationId],
  );
  return grouped(rows);
}

/** What was tried differently of any of its turns, oldest first. The conversation must be the caller’s. */
export async function readWhatIfs({ db }: Pick<App, 'db'>, conversationId: string): Promise<ExportedTurn[]> {
  const { rows } = await db.query<Row>(
    `SELECT t.id AS turn_id, t.created_at AS at, t.mode, m.role, m.agent_name, m.content
     FROM turns t JOIN messages m ON m.turn_id = t.id AND m.deleted_at IS NULL
     WHERE t.conversation_id = $1 AND t.what_if_of IS NOT NULL ORDER BY t.id, m.index`,
    [conversationId],
  );
  return grouped(rows);
}

function grouped(rows: Row[]): ExportedTurn[] {
  const turns = new Map<string, ExportedTurn>();
  for (const { turn_id, at, mode, role, agent_name, content } of rows) {
    const turn = turns.get(turn_id) ?? { at: at.toISOString(), mode, message: '', replies: [] };
    turns.set(turn_id, turn);
    if (role === 'user') turn.message = content;
    else turn.replies.push({ agentName: agent_name ?? 'Manager', role, content });
  }
  return [...turns.values()];
}
