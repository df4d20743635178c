import type { TestReport } from '#server/recordings/contract.ts';
import { TestDetails } from '#app/components/recordings/test-details.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { cn } from '#app/components/ui/cn.ts';

/** What a change would do to the turns that are kept as tests, before it is saved. */
export function TestSummary({ report, className }: { report: TestReport; className?: string }) {
  const { items, broken, changed } = report;
  const notable = items.filter(({ ok, changedRequests }) => !ok || changedRequests.length > 0);
  return (
    <section aria-label="The room’s tests" className={cn('space-y-3', className)}>
      <Alert
        tone={broken > 0 ? 'warn' : 'ok'}
        title={
          broken > 0
            ? `${broken} of ${items.length} would break`
            : `${count(items.length)} hold${items.length === 1 ? 's' : ''}`
        }
      >
        {changed > 0
          ? `${changed === 1 ? 'One asks' : `${changed} ask`} a model something else. What it would answer only a real turn tells.`
          : 'No model would be asked anything else.'}
      </Alert>
      {notable.map((result) => (
        <details key={result.turnId} className="rounded-xl border border-line bg-canvas/60 px-4 py-3">
          <summary className="rounded-md text-sm font-medium break-words">
            {result.message || 'A deleted message'}
          </summary>
          <TestDetails result={result} className="mt-3" />
        </details>
      ))}
    </section>
  );
}

function count(tests: number): string {
  return tests === 1 ? 'One test' : `${tests} tests`;
}
