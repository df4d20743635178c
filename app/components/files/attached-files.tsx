import { RotateCcw, TriangleAlert, X } from 'lucide-react';
import type { File as StoredFile } from '#server/files/contract.ts';
import { useFileViewer } from '#app/components/citations/file-viewer-context.ts';
import { extentOf, formatBytes } from '#app/components/files/describe-file.ts';
import { FileIcon } from '#app/components/files/file-icon.tsx';
import { useFiles, useFilesActions } from '#app/components/files/files-context.tsx';
import { ProgressBar } from '#app/components/files/progress-bar.tsx';
import { uploadStatus } from '#app/components/files/upload-status.ts';
import type { Upload } from '#app/components/files/use-uploads.ts';
import { cn } from '#app/components/ui/cn.ts';

/** What goes with the message that is being written, above its text. */
export function AttachedFiles() {
  const { files, uploads, attachedIds, hasReader } = useFiles();
  const coming = uploads.filter(({ attach }) => attach);
  const attached = attachedIds.flatMap((id) => files.find((file) => file.id === id) ?? []);
  if (coming.length + attached.length === 0) return null;
  return (
    <div className="px-3 pt-3">
      <ul aria-label="Files for this message" className="flex max-h-48 flex-wrap gap-2 overflow-y-auto">
        {attached.map((file) => (
          <AttachedChip key={file.id} file={file} />
        ))}
        {coming.map((upload) => (
          <UploadChip key={upload.key} upload={upload} />
        ))}
      </ul>
      {!hasReader && (
        <p className="mt-2 flex items-center gap-1.5 text-[13px] text-warn">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          Nobody who answers here may read files yet. Switch on “Read files” for an agent.
        </p>
      )}
    </div>
  );
}

const CHIP =
  'relative flex w-60 max-w-full items-center gap-2 overflow-hidden rounded-xl border border-line bg-canvas py-1.5 pr-1 pl-2.5 text-[13px]';

function AttachedChip({ file }: { file: StoredFile }) {
  const { detach } = useFilesActions();
  const openFile = useFileViewer();
  const { id, name, status } = file;
  const failed = status === 'failed';
  return (
    <li className={cn(CHIP, failed && 'w-full border-danger/30 bg-danger-soft')}>
      <FileIcon name={name} className={cn('size-4 shrink-0 text-ink-faint', failed && 'text-danger')} />
      <div className="min-w-0 flex-1">
        {status === 'ready' ? (
          <button
            type="button"
            className="block max-w-full truncate text-left font-medium hover:underline"
            onClick={() => openFile?.({ fileId: id, name, page: 1, quote: null })}
          >
            {name}
          </button>
        ) : (
          <p className="truncate font-medium">{name}</p>
        )}
        <p className={cn('text-xs text-ink-faint', failed ? 'text-danger' : 'truncate')}>
          {failed
            ? (file.error?.message ?? 'It could not be read.')
            : status === 'ready'
              ? `${extentOf(file)} · ${formatBytes(file.size)}`
              : `Being read${file.progress === undefined ? '…' : `, ${file.progress} %`}`}
        </p>
      </div>
      <ChipButton label={`Take ${name} off the message`} onClick={() => detach(id)} />
      {status === 'parsing' && (
        <div className="absolute inset-x-0 bottom-0">
          <ProgressBar label={`Reading ${name}`} share={file.progress === undefined ? null : file.progress / 100} />
        </div>
      )}
    </li>
  );
}

function UploadChip({ upload }: { upload: Upload }) {
  const { cancel, retry } = useFilesActions();
  const { key, name, state, progress } = upload;
  const failed = state === 'failed';
  return (
    <li className={cn(CHIP, failed && 'w-full border-danger/30 bg-danger-soft')}>
      <FileIcon name={name} className={cn('size-4 shrink-0 text-ink-faint', failed && 'text-danger')} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className={cn('text-xs text-ink-faint', failed ? 'text-danger' : 'truncate')}>{uploadStatus(upload)}</p>
      </div>
      {failed && upload.canRetry && (
        <button
          type="button"
          aria-label={`Try again: ${name}`}
          title="Try again"
          className={CHIP_BUTTON}
          onClick={() => retry(key)}
        >
          <RotateCcw aria-hidden className="size-3.5" />
        </button>
      )}
      <ChipButton label={failed ? `Dismiss ${name}` : `Cancel the upload of ${name}`} onClick={() => cancel(key)} />
      {!failed && (
        <div className="absolute inset-x-0 bottom-0">
          <ProgressBar label={`Uploading ${name}`} share={progress} />
        </div>
      )}
    </li>
  );
}

const CHIP_BUTTON =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-lg text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11';

function ChipButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} className={CHIP_BUTTON} onClick={onClick}>
      <X aria-hidden className="size-3.5" />
    </button>
  );
}
