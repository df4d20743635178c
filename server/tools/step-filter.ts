import type { TextFilter } from '#graphs/ports.ts';
import { resolveMarkers } from '#server/tools/resolve-markers.ts';
import type { Run } from '#server/turns/run.ts';

/**
 * The filter of a step's text: the script's own, then the markers of sources. In a turn in which nobody may look anything up
 * there are no markers, and a number in brackets is a number in brackets.
 */
export function filterOf(run: Pick<Run, 'turn' | 'citations'>, own: () => TextFilter): TextFilter {
  const { roster, files } = run.turn.snapshot;
  const mayFind = roster.some(
    ({ toolPermissions }) => toolPermissions.search || (toolPermissions.files && (files ?? []).length > 0),
  );
  if (!mayFind && run.citations.length === 0) return own();
  const first = own();
  const then = resolveMarkers((number) => run.citations.some((citation) => citation.number === number));
  return {
    push: (text) => then.push(first.push(text)),
    end: () => then.push(first.end()) + then.end(),
  };
}
