import { ShieldQuestion } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ToolCall } from '#server/turns/contract.ts';
import { callApi } from '#app/components/api.ts';
import { formatDuration } from '#app/components/format.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** A call that waits for the person: what would be sent, word for word, and the two answers. It goes when the turn goes on. */
export function ApprovalCard({ call }: { call: ToolCall }) {
  const { canWrite } = useTimeline();
  const { pending, problem, run } = useAction();
  const [decided, setDecided] = useState(false);
  const tool = call.origin?.tool ?? call.tool;
  const server = call.origin?.server ?? '';

  function decide(decision: 'approve' | 'deny') {
    void run(decision, async () => {
      await callApi('POST', `/tool-approvals/${call.id}`, { body: { decision } });
      setDecided(true);
    });
  }

  return (
    <section
      aria-label={`May ${tool} on ${server} be called?`}
      className="my-2 max-w-2xl overflow-hidden rounded-xl border border-accent/45 bg-raised shadow-xs"
    >
      <header className="flex items-start gap-2.5 bg-accent-soft px-3.5 py-2.5">
        <ShieldQuestion aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-strong" />
        <div className="min-w-0 text-sm">
          <p role="alert" className="font-medium break-words">
            May <bdi className="font-mono text-[13px]">{tool}</bdi> on <bdi>{server}</bdi> be called?
          </p>
          <p className="text-[13px] text-ink-soft">
            This leaves Pantheon. Look at what would be sent.
            {call.approval && <TimeLeft until={call.approval.expiresAt} />}
          </p>
        </div>
      </header>
      <div className="space-y-3 px-3.5 py-3">
        <pre
          tabIndex={0}
          aria-label="What would be sent"
          className="max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
        >
          {JSON.stringify(call.arguments, null, 2)}
        </pre>
        {problem && <Alert tone="danger">{problem.message}</Alert>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="sm" disabled={!canWrite || decided} pending={pending === 'deny'} onClick={() => decide('deny')}>
            Don’t allow
          </Button>
          <Button
            size="sm"
            variant="primary"
            disabled={!canWrite || decided}
            pending={pending === 'approve'}
            onClick={() => decide('approve')}
          >
            Allow once
          </Button>
        </div>
      </div>
    </section>
  );
}

/** Starts on the client, like every clock here. */
function TimeLeft({ until }: { until: string }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);
  if (now === null) return null;
  const ms = Math.max(0, Date.parse(until) - now);
  return (
    <>
      {' '}
      Without an answer it is denied in{' '}
      <span className="tabular-nums">{formatDuration(Math.floor(ms / 1000) * 1000)}</span>.
    </>
  );
}
