import { Square, WifiOff } from 'lucide-react';
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

/** Shown as long as anything runs (FR-RT-002): who is at it, how far it is, and the way to stop it. */
export function RunBar({ view, connection, stopping, onStop }: RunBarProps) {
  return (
    <div
      className="flex min-h-11 items-center pointer-coarse:mb-1.5 gap-2.5 px-1 text-[13px] text-ink-soft"
      data-testid="run-bar"
    >
      {connection === 'offline' ? (
        <WifiOff aria-hidden className="size-4 shrink-0 text-warn" />
      ) : (
        <Spinner className="size-3.5 text-accent" />
      )}
      <span className="min-w-0 flex-1 truncate">
        {connection === 'live' ? <Activity view={view} /> : <ConnectionNote connection={connection} />}
      </span>
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

function Activity({ view }: { view: TurnView }) {
  const { turn } = view;
  const running = turn.steps.filter(({ status }) => status === 'running').map(({ agentName }) => agentName);
  const { done, expected } = progressOf(view);
  if (turn.status === 'queued') return 'Starting…';
  if (turn.steps.some(({ toolCalls }) => toolCalls.some(({ status }) => status === 'waiting')))
    return 'Waiting for your answer';
  const who =
    running.length === 0
      ? 'Working…'
      : running.length <= 3
        ? `${new Intl.ListFormat('en').format(running)} ${running.length === 1 ? 'is' : 'are'} answering`
        : `${running.length} agents are answering`;
  return (
    <>
      {who}
      {expected > 1 && (
        <span className="text-ink-faint tabular-nums">
          {' '}
          · {done} of {expected}
        </span>
      )}
    </>
  );
}
