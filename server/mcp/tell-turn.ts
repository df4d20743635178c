import { attributedText } from '#server/turns/attribute.ts';
import type { Told } from '#server/mcp/contract.ts';
import type { Turn } from '#server/turns/contract.ts';

/** A turn as a model reads it: who answered what, from which sources, at what cost. */
export function tellTurn(turn: Turn): Told {
  const plan = turn.steps.find((step) => step.plan)?.plan;
  return {
    turnId: turn.id,
    status: turn.status,
    message: turn.message,
    answers: turn.steps
      .filter(({ kind }) => kind !== 'manager')
      .map(({ agentName, modelAlias, status, content, error, usage }) => ({
        agent: agentName,
        model: modelAlias,
        status,
        content,
        ...(error ? { error } : {}),
        credits: inCredits(usage.chargedMicroCredits),
      })),
    ...(plan ? { plan } : {}),
    sources: (turn.citations ?? []).map((citation) => ({
      number: citation.number,
      title: citation.title,
      ...(citation.kind === 'web' ? { url: citation.url } : {}),
    })),
    credits: inCredits(turn.chargedMicroCredits),
  };
}

/** The same for a client that shows text alone: each answer under its agent's name. */
export function textOfTurn(turn: Turn): string {
  const { sources, credits } = tellTurn(turn);
  const listed = sources.map(({ number, title, url }) => `[${number}] ${title}${url ? ` ${url}` : ''}`);
  const end = `_Turn ${turn.id}: ${turn.status}, ${credits} credits._`;
  return [attributedText(turn.steps), listed.join('\n'), end].filter((part) => part !== '').join('\n\n');
}

function inCredits(microCredits: string): number {
  return Number(microCredits) / 1_000_000;
}
