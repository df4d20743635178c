import { Link } from '@remix-run/react';
import { CircleSlash } from 'lucide-react';
import type { LeftOut } from '#server/xray/contract.ts';
import { formatTokens } from '#app/components/format.ts';

export function LeftOutList({ leftOut, home }: { leftOut: LeftOut[]; home: string | null }) {
  if (leftOut.length === 0) {
    return <p className="text-sm text-ink-soft">Nothing: it was told all there was, and could use every tool.</p>;
  }
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      {leftOut.map((group) => (
        <li key={group.code} className="px-3.5 py-2.5 text-sm">
          <div className="flex items-start gap-2.5">
            <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            <p className="min-w-0 flex-1 leading-relaxed text-ink-soft">{group.reason}</p>
            {(group.tokens !== null || group.count > 1) && (
              <span className="shrink-0 text-xs leading-6 text-ink-faint tabular-nums">
                {group.count}
                {group.tokens !== null && ` · ${formatTokens(group.tokens)} tokens`}
              </span>
            )}
          </div>
          {group.items.length > 0 && <LeftOutItems group={group} home={home} />}
        </li>
      ))}
    </ul>
  );
}

function LeftOutItems({ group, home }: { group: LeftOut; home: string | null }) {
  return (
    <details className="ml-6.5">
      <summary className="w-fit text-xs leading-7 text-accent pointer-coarse:min-h-11 pointer-coarse:content-center">
        Show {group.items.length < group.count ? `the newest ${group.items.length}` : group.count === 1 ? 'it' : 'them'}
      </summary>
      <ul className="space-y-1.5 pb-1 text-[13px]">
        {group.items.map(({ label, excerpt, turnId }, place) => (
          <li key={place} className="break-words text-ink-soft">
            <span className="font-medium text-ink">{label}</span> {excerpt}
            {home && turnId && (
              <Link to={`${home}#message-${turnId}`} className="ml-1.5 text-xs whitespace-nowrap text-accent underline">
                Go there
              </Link>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
