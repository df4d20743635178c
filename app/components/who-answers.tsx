import { parseTags } from '#graphs/tags.ts';
import type { Agent } from '#server/agents/contract.ts';
import type { Mode } from '#server/rooms/contract.ts';
import { formatNames } from '#app/components/format.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';

type WhoAnswersProps = {
  text: string;
  /** The mode that the next send will have. */
  mode: Mode;
  agents: readonly Agent[];
  looks: ReadonlyMap<string, AgentLook>;
  busy: boolean;
};

/** Before a send: who will run. It reads tags with the server’s own parser; the server still decides. */
export function WhoAnswers({ text, mode, agents, looks, busy }: WhoAnswersProps) {
  if (agents.length === 0) return <>Add an agent first.</>;
  const after = busy ? <span className="whitespace-nowrap"> · after this turn</span> : null;
  if (mode === 'orchestrator') {
    return (
      <>
        The manager chooses among {agents.length === 1 ? 'one agent' : `${agents.length} agents`}
        {after}
      </>
    );
  }
  const named = namesCalled(text, mode, agents);
  const chosen = named.flatMap((name) => agents.find((agent) => agent.name === name) ?? []);
  if (chosen.length === 0) {
    return (
      <>
        Tag who should answer: type <kbd className="font-sans font-medium text-ink-soft">@</kbd>
      </>
    );
  }
  return (
    <span className="flex items-center gap-1.5 overflow-hidden">
      <span className="sr-only">Will answer: </span>
      <span className="flex shrink-0 gap-1">
        {chosen.slice(0, 6).map((agent) => (
          <AgentMark key={agent.id} look={looks.get(agent.id)} size="xs" />
        ))}
      </span>
      {/* Where there is no room for several names their marks say it. */}
      <span className={chosen.length > 1 ? 'truncate max-sm:sr-only' : 'truncate'}>
        {chosen.length <= 3 ? formatNames(chosen.map(({ name }) => name)) : `${chosen.length} agents`}
        {mode === 'roundtable' && chosen.length > 1 && ', in this order'}
        {after}
      </span>
    </span>
  );
}

/** Who would answer this text: in manual mode the tagged, else everybody. */
export function namesCalled(text: string, mode: Mode, agents: readonly { name: string }[]): string[] {
  return mode === 'manual' ? parseTags(text, agents).agents : agents.map(({ name }) => name);
}
