import { createContext, useContext } from 'react';
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

/** Every numbered source of a turn, also those that its running steps have only just found. */
export function citationsOf({ steps, citations = [] }: Pick<Turn, 'steps' | 'citations'>): Citations {
  const found = steps.flatMap((step) => [
    ...step.toolCalls.flatMap((call) => call.citations ?? []),
    ...(step.citations ?? []),
  ]);
  return new Map([...found, ...citations].map((citation) => [citation.number, citation]));
}
