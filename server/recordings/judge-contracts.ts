import { escapePattern } from '#graphs/escape-pattern.ts';
import { trimImpersonation } from '#graphs/trim-impersonation.ts';
import type { Contract, ContractVerdict, RecordedStep, Recording } from '#server/recordings/contract.ts';

/** A step as contracts look at it: as it was recorded, or as it was replayed. */
export type Judged = Pick<RecordedStep, 'kind' | 'agentName' | 'status' | 'content' | 'plan' | 'citations' | 'error'>;

/** What a turn must keep to, whatever its prompts say; `names` are the room's agents. */
export function judgeContracts(
  recording: Recording,
  steps: readonly Judged[],
  names: readonly string[],
): ContractVerdict[] {
  const speakers = (of: readonly Judged[]) =>
    of.filter(({ kind }) => kind !== 'manager').map(({ agentName }) => agentName);
  const then = speakers(recording.steps);
  const now = speakers(steps);
  const replies = steps.filter(({ kind, content }) => kind !== 'manager' && content !== '');
  const verdict = (contract: Contract, problems: string[]): ContractVerdict => ({
    contract,
    ok: problems.length === 0,
    detail: problems.join(' '),
  });
  return [
    verdict('answered', steps.length === 0 ? ['Nobody would be asked.'] : steps.flatMap(unanswered)),
    verdict('who', [
      ...without(then, now).map((name) => `${name} answered then and would not now.`),
      ...without(now, then).map((name) => `${name} would answer now and didn’t then.`),
    ]),
    verdict('order', sameOrder(then, now) ? [] : [`Then ${then.join(', ')}; now ${now.join(', ')}.`]),
    ...(recording.mode === 'orchestrator' ? [verdict('plan', planProblems(steps, names))] : []),
    verdict(
      'own_voice',
      replies.flatMap((step) => voiceProblems(step, names)),
    ),
    verdict('sources', replies.flatMap(sourceProblems)),
    verdict(
      'cost',
      BigInt(recording.chargedMicroCredits) <= BigInt(recording.maxMicroCredits) ? [] : ['It cost more than it may.'],
    ),
  ];
}

function unanswered({ agentName, status, error }: Judged): string[] {
  return status === 'completed' ? [] : [`${agentName}: ${error?.message ?? status}`];
}

/** What is in the one and not in the other, as often as it is. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...taken];
  return all.filter((name) => {
    const place = left.indexOf(name);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/** Among those who spoke both times; who is missing or new is another contract’s matter. */
function sameOrder(then: readonly string[], now: readonly string[]): boolean {
  const both = (names: readonly string[], others: readonly string[]) => names.filter((name) => others.includes(name));
  return both(then, now).join('\n') === both(now, then).join('\n');
}

function planProblems(steps: readonly Judged[], names: readonly string[]): string[] {
  const plan = steps.find(({ kind }) => kind === 'manager')?.plan;
  if (!plan) return ['The manager’s plan is not valid.'];
  return plan.assignments
    .filter(({ agent }) => !names.includes(agent))
    .map(({ agent }) => `The plan names ${agent}, who is not there.`);
}

/** Nobody speaks for another or hands the word over: who comes next is not for agents to say. */
function voiceProblems({ agentName, content }: Judged, names: readonly string[]): string[] {
  const others = names.filter((name) => name !== agentName);
  const trim = trimImpersonation({ self: agentName, others });
  const own = trim.push(content) + trim.end();
  const problems = own === content ? [] : [`${agentName} speaks as somebody else.`];
  const handsOver = others.find((name) => handOverTo(name).test(content));
  return handsOver === undefined ? problems : [...problems, `${agentName} hands over to ${handsOver}.`];
}

function handOverTo(name: string): RegExp {
  const ways = [
    'over to',
    'hand(?:ing)? (?:it |this )?(?:over |off )?to',
    'pass(?:ing)? (?:it |this )?(?:on |over )?to',
  ];
  return new RegExp(`(?:${ways.join('|')}) @?${escapePattern(name)}(?![\\p{L}\\p{N}])`, 'iu');
}

/** `[3]` in a text is a source of its step; code and links mean something else by it. */
function sourceProblems({ agentName, content, citations }: Judged): string[] {
  const prose = content.replace(/```[^]*?(?:```|$)|`[^`\n]*`/g, '');
  const named = [...prose.matchAll(/(?<![\w\])])\[(\d{1,3})\](?![(:\w])/g)].map(([, number]) => Number(number));
  const lost = [...new Set(named)].filter((number) => !citations.includes(number));
  return lost.map((number) => `${agentName} refers to [${number}], which is no source.`);
}
