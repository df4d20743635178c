import { Bot } from 'lucide-react';
import type { Agent } from '#server/agents/contract.ts';
import type { Room } from '#server/rooms/contract.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { MODE_INFO } from '#app/components/modes.ts';

type RoomEmptyProps = {
  room: Room;
  agents: readonly Agent[];
  looks: ReadonlyMap<string, AgentLook>;
  onAgents: () => void;
};

/** More would push what is said below out of the window. */
const MARKS = 6;

/** A room in which nothing was said yet: who is here and how they will answer. */
export function RoomEmpty({ room, agents, looks, onAgents }: RoomEmptyProps) {
  const { label, icon: Icon, explanation } = MODE_INFO[room.pendingMode ?? room.currentMode];
  return (
    <div className="flex min-h-[50dvh] flex-col items-center justify-center text-center">
      <ul className="flex max-w-md flex-wrap justify-center gap-x-2 gap-y-3">
        {agents.slice(0, MARKS).map((agent) => (
          <li key={agent.id} className="flex w-20 flex-col items-center gap-1.5 text-xs text-ink-soft">
            <AgentMark look={looks.get(agent.id)} size="lg" muted={!agent.active} />
            <span className="line-clamp-2 leading-snug text-balance break-words">{agent.name}</span>
          </li>
        ))}
      </ul>
      <h2 className="mt-5 text-lg font-semibold tracking-tight text-balance">
        {agents.length === 0 ? 'An empty room' : 'The council is here'}
      </h2>
      <p className="mt-1.5 max-w-sm text-[15px] text-pretty text-ink-soft">
        {agents.length === 0 ? 'Add a few agents with different jobs, then write to them.' : explanation}
      </p>
      {agents.length === 0 && (
        <Button className="mt-4 xl:hidden" variant="primary" onClick={onAgents}>
          <Bot aria-hidden className="size-4" />
          Add agents
        </Button>
      )}
      {agents.length > 0 && (
        <p className="mt-4 inline-flex items-center gap-1.5 rounded-full bg-sunken px-3 py-1 text-xs font-medium text-ink-soft">
          <Icon aria-hidden className="size-3.5" />
          {label} mode
        </p>
      )}
    </div>
  );
}
