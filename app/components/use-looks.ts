import { useMemo } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { assignLooks, type AgentLook } from '#app/components/agent-look.ts';

/** Looks for those who speak or spoke in a conversation, and for whoever else is named in what is shown of it. */
export function useLooks(
  speakers: readonly { id: string; name: string }[],
  turns: readonly Turn[],
): ReadonlyMap<string, AgentLook> {
  const seen = new Map(speakers.map(({ id, name }) => [id, name]));
  for (const { id, name } of turns.flatMap((turn) => turn.roster)) if (!seen.has(id)) seen.set(id, name);
  const key = JSON.stringify([...seen]);
  return useMemo(() => assignLooks((JSON.parse(key) as [string, string][]).map(([id, name]) => ({ id, name }))), [key]);
}
