import { ChevronRight, FileUp, Upload as UploadIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { File as StoredFile } from '#server/files/contract.ts';
import { FilesInput } from '#app/components/files/attach-button.tsx';
import { formatBytes } from '#app/components/files/describe-file.ts';
import { DeletedRow, FileRow, UploadRow } from '#app/components/files/file-row.tsx';
import { useFiles, useFilesActions } from '#app/components/files/files-context.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';

/** A conversation’s files: what is on its way, what is there and how far it is read, what can be had back. */
export function FilesPanel() {
  const { files, deleted, uploads, more, maxBytes } = useFiles();
  const { canWrite, add, remove, restore, refresh } = useFilesActions();
  const { pending, problem, run } = useAction();
  const [justDeleted, setJustDeleted] = useState<StoredFile | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => void refresh(), [refresh]);

  const uploading = new Set(uploads.flatMap(({ fileId }) => fileId ?? []));
  const shown = files.filter(({ id }) => !uploading.has(id));
  const used = files.reduce((sum, { size, error }) => sum + (error?.code === 'unsupported_file_type' ? 0 : size), 0);
  const onDelete = (file: StoredFile) =>
    void run(file.id, () => remove(file)).then((done) => done && setJustDeleted(file));
  const onRestore = (file: StoredFile) =>
    void run(file.id, () => restore(file)).then((done) => done && setJustDeleted(null));

  return (
    <div className="space-y-3">
      {canWrite && (
        <>
          <Button className="w-full" onClick={() => input.current?.click()}>
            <UploadIcon aria-hidden className="size-4" />
            Upload files
          </Button>
          <FilesInput inputRef={input} onFiles={(chosen) => add(chosen, false)} />
        </>
      )}
      {problem && <Alert tone="danger">{problem.message}</Alert>}
      {justDeleted && (
        <Alert
          tone="info"
          action={
            <Button size="sm" pending={pending === justDeleted.id} onClick={() => onRestore(justDeleted)}>
              Undo
            </Button>
          }
        >
          <span className="break-words">“{justDeleted.name}” is deleted.</span>
        </Alert>
      )}
      {shown.length + uploads.length === 0 ? (
        <NoFiles canWrite={canWrite} />
      ) : (
        <ul aria-label="Files" className="space-y-1">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} />
          ))}
          {shown.map((file) => (
            <FileRow key={file.id} file={file} pending={pending === file.id} onDelete={() => onDelete(file)} />
          ))}
        </ul>
      )}
      {more && (
        <Button variant="ghost" size="sm" className="w-full" onClick={() => void more()}>
          Show older files
        </Button>
      )}
      {!more && files.length > 0 && (
        <p className="px-2.5 text-xs text-ink-faint tabular-nums">
          {formatBytes(used)} of {formatBytes(maxBytes)} used
        </p>
      )}
      {deleted.length > 0 && (
        <details className="group/deleted">
          <summary className="flex min-h-8 list-none items-center gap-1.5 rounded-lg px-2.5 text-xs font-medium text-ink-faint hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open/deleted:rotate-90" />
            Deleted files ({deleted.length})
          </summary>
          <ul aria-label="Deleted files" className="mt-1 space-y-1">
            {deleted.map((file) => (
              <DeletedRow
                key={file.id}
                file={file}
                pending={pending === file.id}
                onRestore={canWrite ? () => onRestore(file) : null}
              />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function NoFiles({ canWrite }: { canWrite: boolean }) {
  return (
    <div className="rounded-2xl border border-dashed border-line-strong px-4 py-8 text-center">
      <FileUp aria-hidden className="mx-auto size-6 text-ink-faint" />
      <p className="mt-2 text-sm font-medium">No files yet</p>
      <p className="mt-1 text-[13px] text-ink-soft">
        {canWrite
          ? 'Drop PDF, DOCX, TXT, MD or CSV files anywhere on this page, up to 10 MB each. Agents with the permission can read them.'
          : 'Files that are added here can be read by agents with the permission.'}
      </p>
    </div>
  );
}
