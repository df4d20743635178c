import { ChevronLeft, ChevronRight, CircleSlash, Download, Eye } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { File as StoredFile, FileAccess, FilePage } from '#server/files/contract.ts';
import { ApiProblem, callApi, problemMessage } from '#app/components/api.ts';
import type { FileToView } from '#app/components/citations/file-viewer-context.ts';
import { extentOf, formatBytes, partOf } from '#app/components/files/describe-file.ts';
import { MarkedText } from '#app/components/files/marked-text.tsx';
import { formatAge } from '#app/components/format.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';

/** A file as agents read it, page by page, with the cited passage marked; and who read what of it. */
export function FileViewer({ view, onClose }: { view: FileToView; onClose: () => void }) {
  const { fileId, name, quote } = view;
  const [tab, setTab] = useState<'text' | 'readers'>('text');
  const [number, setNumber] = useState(view.page);
  const file = useLoaded<StoredFile>(`/files/${fileId}`);
  const stored = file.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={name}
      description={stored ? `${extentOf(stored)} · ${formatBytes(stored.size)}` : ' '}
      className="h-[92dvh] sm:h-[min(46rem,88dvh)] sm:w-[46rem]"
    >
      <div className="-m-5 flex h-[calc(100%+2.5rem)] flex-col">
        <div className="flex flex-wrap items-center gap-1.5 border-b border-line px-4 py-2">
          <Tab chosen={tab === 'text'} onChoose={() => setTab('text')}>
            Text
          </Tab>
          <Tab chosen={tab === 'readers'} onChoose={() => setTab('readers')}>
            Who read it
          </Tab>
          {stored && (
            <Button asChild size="sm" className="ml-auto">
              <a href={`/api/v1/files/${fileId}/content`} download>
                <Download aria-hidden className="size-3.5" />
                Download
              </a>
            </Button>
          )}
        </div>
        {file.problem !== null ? (
          <Alert tone="warn" className="m-5">
            {file.gone ? 'This file was deleted. What was said about it stays.' : file.problem}
          </Alert>
        ) : tab === 'text' ? (
          <PageText
            fileId={fileId}
            part={partOf(name)}
            number={number}
            count={stored?.pages ?? null}
            quote={number === view.page ? quote : null}
            onNumber={setNumber}
          />
        ) : (
          <Readers fileId={fileId} part={partOf(name)} />
        )}
      </div>
    </Dialog>
  );
}

function Tab({ chosen, onChoose, children }: { chosen: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cn(
        'h-8 rounded-lg px-3 text-[13px] font-medium text-ink-soft hover:bg-hover pointer-coarse:min-h-11',
        chosen && 'bg-sunken text-ink',
      )}
    >
      {children}
    </button>
  );
}

type PageTextProps = {
  fileId: string;
  part: 'page' | 'section';
  number: number;
  count: number | null;
  quote: string | null;
  onNumber: (number: number) => void;
};

function PageText({ fileId, part, number, count, quote, onNumber }: PageTextProps) {
  const { data, problem } = useLoaded<{ items: FilePage[]; nextCursor: string | null }>(
    `/files/${fileId}/pages?limit=1&from=${number}`,
  );
  const page = data?.items[0];
  const title = part === 'page' ? 'Page' : 'Section';
  return (
    <>
      <div
        key={number}
        tabIndex={0}
        role="region"
        aria-label={`${title} ${number}`}
        aria-busy={data === null && problem === null}
        className="min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-visible:outline-offset-[-2px]"
      >
        {problem !== null && <Alert tone="danger">{problem}</Alert>}
        {data === null && problem === null && <Spinner label="Loading" className="text-ink-faint" />}
        {data && !page && <p className="text-sm text-ink-faint">There is nothing on this {part}.</p>}
        {page && (
          <article dir="auto" className="text-sm leading-relaxed break-words whitespace-pre-wrap">
            {page.title !== '' && <h3 className="mb-2 font-semibold">{page.title}</h3>}
            {page.text === '' ? <span className="text-ink-faint">This {part} has no text.</span> : null}
            <MarkedText text={page.text} quote={quote} />
          </article>
        )}
      </div>
      <div className="flex items-center justify-between gap-2 border-t border-line px-4 py-2 text-[13px] text-ink-soft tabular-nums">
        <Button size="sm" variant="ghost" disabled={number <= 1} onClick={() => onNumber(number - 1)}>
          <ChevronLeft aria-hidden className="size-3.5" />
          Before
        </Button>
        <span>
          {title} {number}
          {count !== null && ` of ${count}`}
        </span>
        <Button
          size="sm"
          variant="ghost"
          disabled={data === null || data.nextCursor === null}
          onClick={() => onNumber(number + 1)}
        >
          Next
          <ChevronRight aria-hidden className="size-3.5" />
        </Button>
      </div>
    </>
  );
}

const READ: Record<FileAccess['action'], [done: string, denied: string]> = {
  list: ['saw its name', 'was not told its name'],
  read: ['read', 'was not allowed to read it'],
  search: ['found passages on', 'was not allowed to search it'],
  query: ['computed from the table', 'was not allowed to compute from it'],
};

function Readers({ fileId, part }: { fileId: string; part: 'page' | 'section' }) {
  const { data, problem, loadedAt } = useLoaded<{ items: FileAccess[]; nextCursor: string | null }>(
    `/files/${fileId}/accesses?limit=100`,
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4" tabIndex={0} role="region" aria-label="Who read it">
      {problem !== null && <Alert tone="danger">{problem}</Alert>}
      {data === null && problem === null && <Spinner label="Loading" className="text-ink-faint" />}
      {data?.items.length === 0 && <p className="text-sm text-ink-soft">No agent has read this file yet.</p>}
      <ul className="space-y-2.5">
        {data?.items.map((access) => (
          <li key={access.id} className="flex items-start gap-2.5 text-sm">
            {access.allowed ? (
              <Eye aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            ) : (
              <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
            )}
            <p className="min-w-0 flex-1">
              <span className="font-medium">{access.agentName ?? 'An agent'}</span>{' '}
              {READ[access.action][access.allowed ? 0 : 1]}
              {access.allowed && access.pages && ` ${pagesInWords(access.pages, part)}`}
            </p>
            <span className="shrink-0 text-xs text-ink-faint">{formatAge(access.createdAt, loadedAt)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** [1, 2, 3, 7] is “pages 1–3, 7”. */
function pagesInWords(pages: readonly number[], part: 'page' | 'section'): string {
  const runs: [number, number][] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && page <= last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  const told = runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
  return `${pages.length === 1 ? part : `${part}s`} ${told}`;
}

type Loaded<T> = { path: string; data: T | null; problem: string | null; gone: boolean; loadedAt: number };

function useLoaded<T>(path: string): Omit<Loaded<T>, 'path'> {
  const [loaded, setLoaded] = useState<Loaded<T> | null>(null);
  useEffect(() => {
    let left = false;
    const keep = (result: Pick<Loaded<T>, 'data' | 'problem' | 'gone'>) =>
      left || setLoaded({ path, loadedAt: Date.now(), ...result });
    callApi<T>('GET', path)
      .then((data) => keep({ data, problem: null, gone: false }))
      .catch((error: unknown) =>
        keep({ data: null, problem: problemMessage(error), gone: error instanceof ApiProblem && error.status === 404 }),
      );
    return () => void (left = true);
  }, [path]);
  return loaded?.path === path ? loaded : { data: null, problem: null, gone: false, loadedAt: 0 };
}
