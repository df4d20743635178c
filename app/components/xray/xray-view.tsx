import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { Xray } from '#server/xray/contract.ts';
import { formatCredits, formatDuration } from '#app/components/format.ts';
import { MODE_INFO } from '#app/components/modes.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Calls, ToolCalls } from '#app/components/xray/calls.tsx';
import { LeftOutList } from '#app/components/xray/left-out-list.tsx';
import { Requests } from '#app/components/xray/requests.tsx';
import { TimeBar } from '#app/components/xray/time-bar.tsx';

/** A step laid open: who chose it, what it was sent, what it was not told, what its calls took and cost. */
export function XrayView({ xray, home }: { xray: Xray; home: string | null }) {
  return (
    <div className="space-y-8">
      {xray.reusedFrom && (
        <Alert>This reply was kept when another was made anew. What follows is the step that was really asked.</Alert>
      )}
      <Section title="Why this agent">
        <p className="text-sm leading-relaxed text-ink-soft">{xray.route.reason}</p>
        {xray.route.instruction && <Quoted label="Its instruction">{xray.route.instruction}</Quoted>}
        {xray.kind !== 'manager' && xray.route.plan && xray.route.plan.rationale !== '' && (
          <Quoted label="The manager’s reason">{xray.route.plan.rationale}</Quoted>
        )}
      </Section>
      <Section title="What it was sent">
        <Requests xray={xray} home={home} />
      </Section>
      <Section title="What was left out">
        <LeftOutList leftOut={xray.leftOut} home={home} />
      </Section>
      <Section title="Time">
        <TimeBar timings={xray.timings} />
      </Section>
      <Section title={xray.calls.length === 1 ? 'The call' : `Calls (${xray.calls.length})`}>
        <Calls calls={xray.calls} />
        {xray.toolCalls.length > 0 && <ToolCalls xray={xray} />}
      </Section>
      <Section title="Receipt">
        <ReceiptLines xray={xray} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2.5 text-sm font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}

function Quoted({ label, children }: { label: string; children: string }) {
  return (
    <p className="mt-2 border-l-2 border-line-strong pl-3 text-sm leading-relaxed text-ink-soft">
      <span className="block text-xs text-ink-faint">{label}</span>
      {children}
    </p>
  );
}

function ReceiptLines({ xray: { receipt, turnId, reusedFrom } }: { xray: Xray }) {
  return (
    <div className="rounded-xl border border-line bg-raised px-3.5 py-2.5 text-[13px]">
      <ul className="space-y-2">
        {receipt.calls.map((call) => (
          <li key={call.id}>
            <span className="block text-ink-soft">{call.model}</span>
            <span className="block font-mono text-[11px] break-words text-ink-faint">{call.formula}</span>
          </li>
        ))}
        {receipt.tools.map((tool) => (
          <li key={tool.id} className="flex justify-between gap-3 text-ink-soft">
            <span>
              {tool.tool}, {tool.units} {tool.units === 1 ? 'unit' : 'units'}
            </span>
            <span className="font-mono text-[11px] text-ink-faint tabular-nums">{tool.chargedMicroCredits}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2.5 flex flex-wrap items-baseline justify-between gap-x-3 border-t border-line pt-2.5">
        <strong className="font-semibold tabular-nums">{formatCredits(receipt.chargedMicroCredits)} credits</strong>
        <Link
          to={`/turns/${reusedFrom?.turnId ?? turnId}/receipt`}
          className="text-accent underline underline-offset-2 pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          The turn’s whole receipt
        </Link>
      </p>
    </div>
  );
}

/** “Roundtable · finished in 4.2 s · 1.2 credits”. */
export function headlineOf(xray: Xray): string {
  const { totalMs } = xray.timings;
  return [
    MODE_INFO[xray.mode].label,
    `${xray.status}${totalMs === null ? '' : ` in ${formatDuration(totalMs)}`}`,
    `${formatCredits(xray.receipt.chargedMicroCredits)} credits`,
  ].join(' · ');
}
