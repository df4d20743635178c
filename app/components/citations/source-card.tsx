import { partOf } from '#app/components/files/describe-file.ts';
import { ArrowUpRight, FileText, Globe } from 'lucide-react';
import type { Source } from '#app/components/citations/citations-context.ts';
import { useFileViewer } from '#app/components/citations/file-viewer-context.ts';
import { followable } from '#app/components/followable.ts';
import { Button } from '#app/components/ui/button.tsx';
import { plainTextOf } from '#app/markdown/text-of.ts';

/** What is cited: its title, where it is, the passage. Of a web page the host is what its address says, never its title. */
export function SourceCard({ citation, onUsed }: { citation: Source; onUsed: () => void }) {
  const Icon = citation.kind === 'web' ? Globe : FileText;
  return (
    <>
      <p className="flex items-center gap-1.5 text-xs text-ink-faint">
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="min-w-0 truncate font-medium text-ink-soft">{placeOf(citation)}</span>
        <span className="ml-auto shrink-0 tabular-nums">[{citation.number}]</span>
      </p>
      <p dir="auto" className="mt-1.5 line-clamp-2 leading-snug font-semibold break-words">
        {citation.title}
      </p>
      {citation.quote !== '' && (
        <blockquote
          dir="auto"
          className="mt-2 line-clamp-6 border-l-2 border-line-strong pl-2.5 text-[13px] leading-relaxed break-words whitespace-pre-line text-ink-soft"
        >
          {isMarkdown(citation) ? plainTextOf(citation.quote) : citation.quote}
        </blockquote>
      )}
      <div className="mt-3 empty:hidden">
        <Follow citation={citation} onUsed={onUsed} />
      </div>
    </>
  );
}

/** What search engines give back of a page, and files that are named so. */
function isMarkdown({ kind, title }: Source): boolean {
  return kind === 'web' || /\.(md|markdown)$/i.test(title);
}

function Follow({ citation, onUsed }: { citation: Source; onUsed: () => void }) {
  const openFile = useFileViewer();
  if (citation.kind === 'file') {
    const { fileId, title, page, quote } = citation;
    if (!openFile || fileId === undefined) return null;
    const open = () => {
      onUsed();
      openFile({ fileId, name: title, page: page ?? 1, quote });
    };
    return (
      <Button size="sm" onClick={open}>
        <FileText aria-hidden className="size-3.5" />
        {page === null ? 'Open the file' : `Open ${partOf(title)} ${page}`}
      </Button>
    );
  }
  const url = followable(citation.url);
  if (!url || url.protocol === 'mailto:') return null;
  return (
    <Button asChild size="sm" className="max-w-full">
      <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
        <span className="truncate">Open {url.host}</span>
        <ArrowUpRight aria-hidden className="size-3.5" />
      </a>
    </Button>
  );
}

/** “news.example”, “page 3” or “section 3”. */
export function placeOf(citation: Source): string {
  if (citation.kind === 'web') return followable(citation.url)?.host ?? citation.host;
  return citation.page === null ? 'computed from the table' : `${partOf(citation.title)} ${citation.page}`;
}
