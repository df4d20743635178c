import type { SharedConversation } from '#server/shares/contract.ts';
import { assignLooks, type AgentLook } from '#app/components/agent-look.ts';

type SharedTurn = SharedConversation['turns'][number];
type SharedReply = SharedTurn['replies'][number];

/** A turn for somebody who can do nothing with it: with the looks of its agents in their room instead of their ids. */
export type ReadableTurn = Omit<SharedTurn, 'replies'> & {
  replies: (Omit<SharedReply, 'agentId'> & { look: AgentLook | null })[];
};

/** A summary is the manager’s, who has no look of its own. */
export function readableTurns({ turns, speakers }: Pick<SharedConversation, 'turns' | 'speakers'>): ReadableTurn[] {
  const seen = new Map(speakers.map(({ id, name }) => [id, name]));
  for (const { agentId, agentName } of turns.flatMap(({ replies }) => replies))
    if (agentId !== null && !seen.has(agentId)) seen.set(agentId, agentName ?? '');
  const looks = assignLooks([...seen].map(([id, name]) => ({ id, name })));
  return turns.map((turn) => ({
    ...turn,
    replies: turn.replies.map(({ agentId, ...reply }) => ({
      ...reply,
      look: agentId === null || reply.role === 'synthesis' ? null : (looks.get(agentId) ?? null),
    })),
  }));
}
