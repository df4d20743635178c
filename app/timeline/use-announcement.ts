import { useEffect, useRef, useState } from 'react';
import type { Step } from '#server/turns/contract.ts';
import { formatNames } from '#app/components/format.ts';
import { isSettled, progressOf, type TurnView } from '#app/timeline/reduce.ts';

/**
 * What a screen reader hears of the turns: “Analyst is working.” and “Analyst has finished, 2 of 3.” for each step that
 * starts or settles while the page is open; never what is written.
 */
export function useAnnouncement(views: readonly TurnView[]): string {
  const heard = useRef<ReadonlyMap<string, Step['status']> | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    const before = heard.current;
    const steps = views.flatMap(({ turn }) => turn.steps);
    heard.current = new Map(steps.map(({ id, status }) => [id, status]));
    if (!before) return;
    const news = views.flatMap((view) => describeEnds(view, before));
    const started = steps.filter(({ id, status }) => status === 'running' && before.get(id) !== 'running');
    const names = [...new Set(started.map(({ agentName }) => agentName))];
    if (names.length > 0) news.push(`${formatNames(names)} ${names.length === 1 ? 'is' : 'are'} working.`);
    if (news.length > 0) setText(news.join(' '));
  }, [views]);
  return text;
}

const ENDS: Partial<Record<Step['status'], string>> = {
  completed: 'has finished',
  failed: 'could not answer',
  skipped: 'was skipped',
  cancelled: 'was stopped',
};

function describeEnds(view: TurnView, before: ReadonlyMap<string, Step['status']>): string[] {
  const ended = view.turn.steps.filter((step) => {
    const status = before.get(step.id);
    return isSettled(step) && (status === 'pending' || status === 'running');
  });
  const { done, expected } = progressOf(view);
  const counted = ended.filter(({ kind }) => kind !== 'manager');
  return ended.map((step) => {
    const place = done - counted.length + counted.indexOf(step) + 1;
    return `${step.agentName} ${ENDS[step.status] ?? ''}${step.kind === 'manager' ? '' : `, ${place} of ${expected}`}.`;
  });
}
