import { Download, Ellipsis, Eye, Paperclip, RotateCcw, Trash2, Undo2, X } from 'lucide-react';
import type { File as StoredFile } from '#server/files/contract.ts';
import { useFileViewer } from '#app/components/citations/file-viewer-context.ts';
import { extentOf, formatBytes } from '#app/components/files/describe-file.ts';
import { FileIcon } from '#app/components/files/file-icon.tsx';
import { useFilesActions } from '#app/components/files/files-context.tsx';
import { ProgressBar } from '#app/components/files/progress-bar.tsx';
import { uploadStatus } from '#app/components/files/upload-status.ts';
import type { Upload } from '#app/components/files/use-uploads.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';

const ROW = 'flex items-start gap-2.5 rounded-xl px-2.5 py-2 hover:bg-hover';

export function FileRow({ file, pending, onDelete }: { file: StoredFile; pending: boolean; onDelete: () => void }) {
  const openFile = useFileViewer();
  const { name, status } = file;
  const look = () => openFile?.({ fileId: file.id, name, page: 1, quote: null });
  return (
    <li className={ROW} data-file={status}>
      <FileIcon
        name={name}
        className={cn('mt-0.5 size-4.5 shrink-0 text-ink-faint', status === 'failed' && 'text-danger')}
      />
      <div className="min-w-0 flex-1">
        {status === 'ready' ? (
          <button
            type="button"
            className="block max-w-full truncate text-left text-sm font-medium hover:underline pointer-coarse:-my-3 pointer-coarse:py-3"
            onClick={look}
          >
            {name}
          </button>
        ) : (
          <p className="truncate text-sm font-medium">{name}</p>
        )}
        <FileStatus file={file} />
      </div>
      <FileMenu file={file} pending={pending} onLook={look} onDelete={onDelete} />
    </li>
  );
}

function FileStatus({ file }: { file: StoredFile }) {
  const { name, status, progress, error, size } = file;
  switch (status) {
    case 'uploading':
      return (
        <p className="text-xs text-ink-faint">
          Not all of it is here: it comes from another window, or was broken off.
        </p>
      );
    case 'parsing':
      return (
        <div className="mt-1 space-y-1">
          <ProgressBar label={`Reading ${name}`} share={progress === undefined ? null : progress / 100} />
          <p className="text-xs text-ink-faint tabular-nums">
            Being read{progress === undefined ? '…' : `, ${progress} %`}
          </p>
        </div>
      );
    case 'ready':
      return (
        <p className="text-xs text-ink-faint tabular-nums">
          {extentOf(file)} · {formatBytes(size)}
        </p>
      );
    case 'failed':
      return <p className="text-xs break-words text-danger">{error?.message ?? 'It could not be read.'}</p>;
  }
}

type FileMenuProps = { file: StoredFile; pending: boolean; onLook: () => void; onDelete: () => void };

function FileMenu({ file, pending, onLook, onDelete }: FileMenuProps) {
  const { canWrite, attach } = useFilesActions();
  const { id, name, status } = file;
  const stored = status === 'ready' || status === 'parsing' || file.error?.code !== 'unsupported_file_type';
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          size="icon"
          className="-my-0.5 -mr-1 size-7"
          pending={pending}
          aria-label={`More about ${name}`}
        >
          {!pending && <Ellipsis aria-hidden className="size-4" />}
        </Button>
      }
    >
      {status === 'ready' && (
        <MenuItem onSelect={onLook}>
          <Eye aria-hidden />
          Look inside
        </MenuItem>
      )}
      {status === 'ready' && canWrite && (
        <MenuItem onSelect={() => attach(id)}>
          <Paperclip aria-hidden />
          Attach to your message
        </MenuItem>
      )}
      {stored && status !== 'uploading' && (
        <MenuItem asChild>
          <a href={`/api/v1/files/${id}/content`} download>
            <Download aria-hidden />
            Download
          </a>
        </MenuItem>
      )}
      {canWrite && (
        <>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={onDelete}>
            <Trash2 aria-hidden />
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

export function UploadRow({ upload }: { upload: Upload }) {
  const { cancel, retry } = useFilesActions();
  const { key, name, state, progress } = upload;
  const failed = state === 'failed';
  return (
    <li className={ROW} data-upload={state}>
      <FileIcon name={name} className={cn('mt-0.5 size-4.5 shrink-0 text-ink-faint', failed && 'text-danger')} />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="truncate text-sm font-medium">{name}</p>
        {!failed && <ProgressBar label={`Uploading ${name}`} share={progress} />}
        <p className={cn('text-xs break-words tabular-nums', failed ? 'text-danger' : 'text-ink-faint')}>
          {uploadStatus(upload)}
        </p>
        {failed && upload.canRetry && (
          <Button size="sm" onClick={() => retry(key)} aria-label={`Try again: ${name}`}>
            <RotateCcw aria-hidden className="size-3.5" />
            Try again
          </Button>
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        className="-my-0.5 -mr-1 size-7"
        aria-label={failed ? `Dismiss ${name}` : `Cancel the upload of ${name}`}
        onClick={() => cancel(key)}
      >
        <X aria-hidden className="size-4" />
      </Button>
    </li>
  );
}

export function DeletedRow({
  file,
  pending,
  onRestore,
}: {
  file: StoredFile;
  pending: boolean;
  onRestore: (() => void) | null;
}) {
  return (
    <li className={ROW}>
      <FileIcon name={file.name} className="mt-0.5 size-4.5 shrink-0 text-ink-faint" />
      <p className="min-w-0 flex-1 truncate text-sm text-ink-soft line-through">{file.name}</p>
      {onRestore && (
        <Button size="sm" variant="ghost" pending={pending} onClick={onRestore} aria-label={`Restore ${file.name}`}>
          <Undo2 aria-hidden className="size-3.5" />
          Restore
        </Button>
      )}
    </li>
  );
}
