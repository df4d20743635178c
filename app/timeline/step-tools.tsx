import {
  Calculator,
  ChevronRight,
  CircleSlash,
  FileSearch,
  FileText,
  Globe,
  List,
  Plug,
  TriangleAlert,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ToolCall } from '#server/turns/contract.ts';
import { formatCredits } from '#app/components/format.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { ApprovalCard } from '#app/timeline/approval-card.tsx';
import { SourceChip } from '#app/timeline/sources.tsx';
import { describeToolCall } from '#app/timeline/describe-tool-call.ts';

/** What an agent looked up, and what it was denied: a line each, with more behind it. It grows while the step runs. */
export function StepTools({ calls }: { calls: readonly ToolCall[] }) {
  if (calls.length === 0) return null;
  return (
    <ul aria-label="Looked up" className="my-1.5 space-y-0.5">
      {calls.map((call) => (
        <li key={call.id} data-tool={call.tool} data-tool-status={call.status}>
          <Call call={call} />
        </li>
      ))}
    </ul>
  );
}

function Call({ call }: { call: ToolCall }) {
  switch (call.status) {
    case 'waiting':
      return <ApprovalCard call={call} />;
    case 'running':
      return <RunningLine call={call} />;
    case 'completed':
    case 'failed':
    case 'denied':
      return <Line call={call} />;
  }
}

const ICONS: Readonly<Record<string, LucideIcon>> = {
  search_web: Globe,
  read_file: FileText,
  search_files: FileSearch,
  csv_query: Calculator,
  list_files: List,
};

function RunningLine({ call }: { call: ToolCall }) {
  return (
    <p className="flex min-h-7 items-center gap-2 text-[13px] text-ink-soft">
      <Spinner className="size-3.5 text-accent" />
      <span className="min-w-0 truncate">{describeToolCall(call).line}</span>
    </p>
  );
}

function Line({ call }: { call: ToolCall }) {
  const { line, result } = describeToolCall(call);
  const Icon =
    call.status === 'denied'
      ? CircleSlash
      : call.status === 'failed'
        ? TriangleAlert
        : (ICONS[call.tool] ?? (call.origin ? Plug : FileText));
  const tone = call.status === 'completed' ? 'text-ink-faint' : 'text-warn';
  return (
    <details className="group/tool">
      <summary className="flex min-h-7 w-fit max-w-full list-none items-center gap-2 rounded-md pr-1.5 text-[13px] text-ink-soft hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <Icon aria-hidden className={`size-3.5 shrink-0 ${tone}`} />
        <span className="min-w-0 truncate">{line}</span>
        {result !== '' && <span className="shrink-0 text-ink-faint">· {result}</span>}
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 text-ink-faint transition-transform group-open/tool:rotate-90"
        />
      </summary>
      <Detail call={call} />
    </details>
  );
}

function Detail({ call }: { call: ToolCall }) {
  const { asked } = describeToolCall(call);
  const { citations = [], chargedMicroCredits = '0' } = call;
  return (
    <div className="mt-0.5 mb-2 ml-[7px] space-y-2 border-l-2 border-line pl-4 text-[13px] leading-relaxed text-ink-soft">
      {call.status !== 'completed' && <p>{call.error?.message ?? call.summary}</p>}
      {asked.map(({ label, value }) => (
        <p key={label} className="break-words">
          <span className="text-ink-faint">{label}: </span>
          <bdi className="whitespace-pre-wrap">{value}</bdi>
        </p>
      ))}
      {citations.length > 0 && (
        <ul aria-label="Found" className="flex flex-wrap gap-1.5">
          {citations.map((citation) => (
            <li key={citation.number} className="min-w-0">
              <SourceChip citation={citation} />
            </li>
          ))}
        </ul>
      )}
      <p className="text-xs text-ink-faint">
        {chargedMicroCredits === '0' ? 'Cost nothing' : `${formatCredits(chargedMicroCredits)} credits`}
      </p>
    </div>
  );
}
