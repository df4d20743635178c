import { useFiles, useFilesActions } from '#app/components/files/files-context.tsx';

/** What a send takes along, and what it has to wait for. */
export function useAttachments() {
  const { files, uploads, attachedIds } = useFiles();
  const { readyOf, clearAttached, add, canWrite } = useFilesActions();
  const uploading = uploads.filter(({ attach, state }) => attach && state !== 'failed').map(({ name }) => name);
  const reading = files.filter(({ id, status }) => attachedIds.includes(id) && status === 'parsing');
  const names = [...uploading, ...reading.map(({ name }) => name)];
  return {
    /** In words; null when nothing is in the way of a send. */
    waitsFor: names.length === 0 ? null : `Waits for ${names.length === 1 ? `“${names[0]}”` : `${names.length} files`}`,
    readyIds: () => readyOf(attachedIds),
    clear: clearAttached,
    /** Files that were pasted go with the message; pasted text is none of its business. */
    paste: (files: FileList) => canWrite && add([...files], true),
  };
}
