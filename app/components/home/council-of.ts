import type { Seat } from '#server/agents/find-seats.ts';
import { assignLooks, type AgentLook } from '#app/components/agent-look.ts';

export type Council = { id: string; name: string; look: AgentLook }[];

/** Who sits in a room now, as they look there. */
export function councilOf(seats: readonly Seat[]): Council {
  const looks = assignLooks(seats);
  return seats.flatMap(({ id, name, seated }) => {
    const look = looks.get(id);
    return seated && look ? [{ id, name, look }] : [];
  });
}
