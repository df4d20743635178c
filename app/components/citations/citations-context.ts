import { createContext, useContext, useMemo } from 'react';
import type { Citation, Turn } from '#server/turns/contract.ts';

/** A citation as a page shows it; where the file can’t be opened its id is not known. */
export type Source =
  Extract<Citation, { kind: 'web' }> | (Omit<Extract<Citation, { kind: 'file' }>, 'fileId'> & { fileId?: string });

type Citations = ReadonlyMap<number, Source>;

const Context = createContext<Citations>(new Map());
export const CitationsProvider = Context.Provider;

/** The source that a marker leads to; none where a number in brackets is just that. */
export function useCitation(number: number): Source | undefined {
  return useContext(Context).get(number);
}

/** The same while a turn’s words grow: whoever shows a marker is looked for wherever this changes. */
export function useCitations(turn: Pick<Turn, 'steps' | 'citations'>): Citations {
  const citations = citationsOf(turn);
  const numbers = [...citations.keys()].join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- a number’s source stays what it is
  return useMemo(() => citations, [numbers]);
}

/** Every numbered source of a turn, also those that its running steps have only just found. */
export function citationsOf({ steps, citations = [] }: Pick<Turn, 'steps' | 'citations'>): Citations {
  const found = steps.flatMap((step) => [
    ...step.toolCalls.flatMap((call) => call.citations ?? []),
    ...(step.citations ?? []),
  ]);
  return new Map([...found, ...citations].map((citation) => [citation.number, citation]));
}
