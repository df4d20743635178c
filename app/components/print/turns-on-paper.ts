import type { Turn } from '#server/turns/contract.ts';
import { wasNeverBegun } from '#app/timeline/reduce.ts';
import { readableTurns, type ReadableTurn } from '#app/timeline/readable-turns.ts';

/** What was said, without what it took to say it. */
export function turnsOnPaper(turns: readonly Turn[], speakers: { id: string; name: string }[]): ReadableTurn[] {
  const said = turns
    .filter((turn) => turn.status !== 'queued' && !wasNeverBegun(turn))
    .map(({ id, createdAt, message, steps }) => ({
      id,
      at: createdAt,
      message: message === '' ? null : message,
      replies: steps
        .filter(({ kind, content }) => kind !== 'manager' && content !== '')
        .map((step) => ({
          id: step.id,
          role: step.kind === 'synthesis' ? ('synthesis' as const) : ('agent' as const),
          agentId: step.agentId,
          agentName: step.agentName,
          content: step.content,
          sources: (step.citations ?? []).map((source) => ({ ...source, fileId: undefined })),
        })),
    }));
  return readableTurns({ turns: said, speakers });
}
