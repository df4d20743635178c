import type { Turn } from '#server/turns/contract.ts';
import { formatNames } from '#app/components/format.ts';
import { MODE_INFO } from '#app/components/modes.ts';

type Names = Readonly<Record<string, string>>;

/** What a what-if does differently, in words; empty where it is the same again. */
export function differencesOf(original: Turn, whatIf: Turn, modelNames: Names): string[] {
  const had = new Map(takingPart(original).map((agent) => [agent.id, agent]));
  const has = new Map(takingPart(whatIf).map((agent) => [agent.id, agent]));
  const names = (agents: { name: string }[]) => formatNames(agents.map(({ name }) => name));
  const without = [...had.values()].filter(({ id }) => !has.has(id));
  const added = [...has.values()].filter(({ id }) => !had.has(id));
  return [
    ...(whatIf.mode === original.mode ? [] : [MODE_INFO[whatIf.mode].label]),
    ...(without.length > 0 ? [`without ${names(without)}`] : []),
    ...(added.length > 0 ? [`with ${names(added)}`] : []),
    ...[...has.values()].flatMap(({ id, name, modelAlias }) => {
      const before = had.get(id)?.modelAlias ?? modelAlias;
      return before === modelAlias ? [] : [`${name} on ${modelNames[modelAlias] ?? modelAlias}`];
    }),
  ];
}

/** In manual mode who was tagged, else the roster: the manager may choose any of it. */
export function takingPart({ mode, roster, steps }: Turn): Turn['roster'] {
  return mode === 'manual' ? roster.filter(({ id }) => steps.some(({ agentId }) => agentId === id)) : roster;
}

export type Figures = { microCredits: bigint; tokens: number; ms: number | null };

export function figuresOf({ chargedMicroCredits, steps, startedAt, finishedAt }: Turn): Figures {
  return {
    microCredits: BigInt(chargedMicroCredits),
    tokens: steps.reduce((sum, { usage }) => sum + usage.totalTokens, 0),
    ms: startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null,
  };
}

/** “+20 %” of what it was before; nothing where there is nothing to compare with. */
export function changeOf(before: number, now: number): string {
  if (before <= 0) return '';
  const percent = Math.round((now / before - 1) * 100);
  return percent === 0 ? 'the same' : `${percent > 0 ? '+' : '−'}${Math.abs(percent).toLocaleString('en')} %`;
}
