import { Square, WifiOff } from 'lucide-react';
import type { Turn } from '#server/turns/contract.ts';
import { formatNames } from '#app/components/format.ts';
import { Button } from '#app/components/ui/button.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { progressOf, type TurnView } from '#app/timeline/reduce.ts';
import type { Connection } from '#app/timeline/use-turn-events.ts';

type RunBarProps = {
  view: TurnView;
  connection: Connection;
  stopping: boolean;
  onStop: (() => void) | null;
};

/**
 * Shown as long as anything runs (FR-RT-002): who is at it, how far it is, and the way to stop it. Over the timeline’s end, which leaves
 * it room: when it comes and goes nothing moves.
 */
export function RunBar({ view, connection, stopping, onStop }: RunBarProps) {
  const { done, expected } = progressOf(view);
  return (
    <div
      className="flex min-h-11 items-center gap-2.5 rounded-xl border border-line bg-raised py-0.5 pr-1.5 pl-3.5 pointer-coarse:pr-0.5 text-[13px] text-ink-soft shadow-xs"
      data-testid="run-bar"
    >
      {connection === 'offline' ? (
        <WifiOff aria-hidden className="size-4 shrink-0 text-warn" />
      ) : (
        <Spinner className="size-3.5 text-accent" />
      )}
      <span className="min-w-0 flex-1 truncate">
        {connection === 'live' ? activityOf(view.turn) : <ConnectionNote connection={connection} />}
      </span>
      {connection === 'live' && expected > 1 && (
        <span className="shrink-0 text-ink-faint tabular-nums">
          {done} of {expected}
        </span>
      )}
      {onStop && (
        <Button size="sm" onClick={onStop} pending={stopping} aria-label={stopping ? 'Stopping' : 'Stop this turn'}>
          {!stopping && <Square aria-hidden className="size-3 fill-current" />}
          {stopping ? 'Stopping' : 'Stop'}
        </Button>
      )}
    </div>
  );
}

function ConnectionNote({ connection }: { connection: Connection }) {
  return connection === 'offline'
    ? 'You’re offline. The agents go on without you.'
    : 'Reconnecting… The agents go on meanwhile.';
}

function activityOf(turn: Turn): string {
  const running = turn.steps.filter(({ status }) => status === 'running').map(({ agentName }) => agentName);
  if (turn.status === 'queued') return 'Starting…';
  if (turn.steps.some(({ toolCalls }) => toolCalls.some(({ status }) => status === 'waiting')))
    return 'Waiting for your answer';
  if (running.length === 0) return 'Working…';
  if (running.length > 3) return `${running.length} agents are answering`;
  return `${formatNames(running)} ${running.length === 1 ? 'is' : 'are'} answering`;
}
