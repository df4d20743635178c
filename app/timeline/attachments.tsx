import { Paperclip } from 'lucide-react';
import type { Turn } from '#server/turns/contract.ts';
import { useFileViewer } from '#app/components/citations/file-viewer-context.ts';

/** The files that a message was sent with. */
export function Attachments({ files = [] }: Pick<Turn, 'files'>) {
  const openFile = useFileViewer();
  if (files.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="mb-1.5 flex max-w-[min(100%,38rem)] flex-wrap justify-end gap-1.5">
      {files.map(({ id, name }) => (
        <li key={id} className="min-w-0">
          <button
            type="button"
            disabled={!openFile}
            onClick={() => openFile?.({ fileId: id, name, page: 1, quote: null })}
            className="inline-flex h-7 max-w-[min(17rem,80vw)] items-center gap-1.5 rounded-lg border border-line bg-raised px-2 text-xs text-ink-soft enabled:hover:bg-hover enabled:hover:text-ink pointer-coarse:min-h-11 pointer-coarse:px-3"
          >
            <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
            <span className="truncate">{name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
