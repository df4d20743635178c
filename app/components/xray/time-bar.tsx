import type { Xray } from '#server/xray/contract.ts';
import { formatDuration } from '#app/components/format.ts';
import { cn } from '#app/components/ui/cn.ts';

/** Where the time went, from the message to the last word. */
export function TimeBar({ timings }: { timings: Xray['timings'] }) {
  const { queuedMs, waitedMs, firstTokenMs, totalMs } = timings;
  const spans = [
    { label: 'In the queue', ms: queuedMs, colour: 'bg-line-strong' },
    { label: 'Waiting for its turn', ms: waitedMs, colour: 'bg-(--agent-5)' },
    { label: 'To the first token', ms: firstTokenMs ?? totalMs, colour: 'bg-(--agent-4)' },
    {
      label: 'Writing',
      ms: totalMs !== null && firstTokenMs !== null ? totalMs - firstTokenMs : null,
      colour: 'bg-(--agent-0)',
    },
  ].flatMap(({ ms, ...span }) => (ms === null ? [] : [{ ...span, ms: Math.max(0, ms) }]));
  if (spans.length === 0) return <p className="text-sm text-ink-soft">It has not begun.</p>;
  return (
    <div>
      <div aria-hidden className="flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-sunken">
        {spans.map(({ label, ms, colour }) => (
          <span key={label} style={{ flexGrow: ms }} className={cn('min-w-1 rounded-xs', colour)} />
        ))}
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5 text-[13px] sm:grid-cols-4">
        {spans.map(({ label, ms, colour }) => (
          <div key={label}>
            <dt className="flex items-center gap-1.5 text-xs text-ink-faint">
              <span aria-hidden className={cn('size-2 rounded-xs', colour)} />
              {label}
            </dt>
            <dd className="font-medium tabular-nums">{formatDuration(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
