import { CircleCheck, CircleX } from 'lucide-react';
import type { Contract, ContractVerdict, TestResult } from '#server/recordings/contract.ts';
import { changedLines } from '#app/components/recordings/changed-lines.ts';
import { cn } from '#app/components/ui/cn.ts';

const NAMES: Record<Contract, string> = {
  answered: 'Everybody answered',
  who: 'The same agents answer',
  order: 'In the same order',
  plan: 'The plan is valid',
  own_voice: 'Nobody speaks for another or hands over',
  sources: 'Sources resolve',
  cost: 'It costs no more than it may',
};

/** A test’s contracts as they were and would be, and which requests would change. */
export function TestDetails({ result, className }: { result: TestResult; className?: string }) {
  const before = new Map(result.before.map((verdict) => [verdict.contract, verdict]));
  return (
    <div className={cn('space-y-3 text-sm', className)}>
      <ul className="space-y-1">
        {result.after.map((verdict) => (
          <Verdict key={verdict.contract} verdict={verdict} before={before.get(verdict.contract)} />
        ))}
      </ul>
      {result.changedRequests.map(({ stepKey, agentName, before: then, after }) => (
        <details key={stepKey} className="rounded-lg border border-line bg-canvas px-3 py-2">
          <summary className="rounded-md font-medium">{agentName} would be asked something else</summary>
          <pre
            tabIndex={0}
            role="region"
            aria-label={`What ${agentName} would be asked`}
            className="mt-2 max-h-72 overflow-auto font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
          >
            {changedLines(then, after).map(({ sign, text }, place) => (
              <span
                key={place}
                className={cn(
                  'block px-1',
                  sign === '+' && 'bg-ok-soft text-ok',
                  sign === '-' && 'bg-danger-soft text-danger',
                  sign === '…' && 'text-ink-faint',
                )}
              >
                {sign === '+' && <ins className="no-underline">+ {text}</ins>}
                {sign === '-' && <del className="no-underline">− {text}</del>}
                {(sign === ' ' || sign === '…') && `  ${text}`}
              </span>
            ))}
          </pre>
        </details>
      ))}
    </div>
  );
}

function Verdict({ verdict, before }: { verdict: ContractVerdict; before: ContractVerdict | undefined }) {
  const { contract, ok, detail } = verdict;
  const Icon = ok ? CircleCheck : CircleX;
  const asBefore = !ok && before?.ok === false;
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', ok ? 'text-ok' : 'text-danger')} />
      <span className="min-w-0">
        <span className="sr-only">{ok ? 'Holds: ' : 'Broken: '}</span>
        {NAMES[contract]}
        {detail !== '' && <span className="block text-ink-soft">{detail}</span>}
        {asBefore && <span className="block text-ink-faint">It was so when it was kept.</span>}
      </span>
    </li>
  );
}
