import { assignLooks, type AgentLook } from '#app/components/agent-look.ts';

export type Council = { id: string; name: string; look: AgentLook }[];

/** Who sits in a room now, as they look there: who left or is muted still holds a colour, but isn't shown. */
export function councilOf(seats: readonly { id: string; name: string; seated: boolean }[]): Council {
  const looks = assignLooks(seats);
  return seats.flatMap(({ id, name, seated }) => {
    const look = looks.get(id);
    return seated && look ? [{ id, name, look }] : [];
  });
}
