import { createContext, useCallback, useContext, useMemo, useRef, useEffect, useState, type ReactNode } from 'react';
import type { File as StoredFile } from '#server/files/contract.ts';
import { callApi } from '#app/components/api.ts';
import { FileViewerProvider, type FileToView } from '#app/components/citations/file-viewer-context.ts';
import { useAttached } from '#app/components/files/use-attached.ts';
import { useFileList, type FilePage } from '#app/components/files/use-file-list.ts';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useUploads, type Upload } from '#app/components/files/use-uploads.ts';

const FileViewer = onDemand(async () => (await import('#app/components/files/file-viewer.tsx')).FileViewer);

/** What stays the same while files come and go. */
type FilesActions = {
  /** False for a suspended account, which only reads. */
  canWrite: boolean;
  add: (sources: Iterable<File>, attach: boolean) => void;
  cancel: (key: string) => void;
  retry: (key: string) => void;
  attach: (fileId: string) => void;
  detach: (fileId: string) => void;
  /** After a send: its files went with it, and what failed for it is forgotten. */
  clearAttached: () => void;
  remove: (file: StoredFile) => Promise<void>;
  restore: (file: StoredFile) => Promise<void>;
  refresh: () => Promise<void>;
  /** Of these the ones that a message can still be sent with. */
  readyOf: (fileIds: readonly string[]) => string[];
};

type FilesState = {
  files: readonly StoredFile[];
  deleted: readonly StoredFile[];
  uploads: readonly Upload[];
  attachedIds: readonly string[];
  more: (() => Promise<void>) | null;
  maxBytes: number;
  /** Whether anyone who may answer here may read files. */
  hasReader: boolean;
};

const Actions = createContext<FilesActions | null>(null);
const State = createContext<FilesState | null>(null);

export type FilesData = FilePage & { maxBytes: number };

type FilesProviderProps = {
  conversationId: string;
  /** Where the conversation is in the API: `/rooms/…` or `/direct-sessions/…`. */
  home: string;
  loaded: FilesData;
  canWrite: boolean;
  hasReader: boolean;
  children: ReactNode;
};

/** The files of one conversation, for its composer, its panel and its citations. */
export function FilesProvider({ conversationId, home, loaded, canWrite, hasReader, children }: FilesProviderProps) {
  const { ids: attachedIds, attach, detach, clear } = useAttached(conversationId);
  const [viewed, setViewed] = useState<FileToView | null>(null);
  const [said, setSaid] = useState('');
  const onArrived = useRef<(file: StoredFile, attach: boolean) => void>(() => undefined);
  const { uploads, add, cancel, retry } = useUploads(home, (file, withMessage) => onArrived.current(file, withMessage));
  const mine = useMemo(() => new Set(uploads.flatMap(({ fileId }) => fileId ?? [])), [uploads]);
  const { files, deleted, refresh, put, more } = useFileList(home, loaded, mine);
  useEffect(() => {
    onArrived.current = (file, withMessage) => {
      put(file);
      if (withMessage) attach(file.id);
      setSaid(`${file.name} was uploaded.`);
      void refresh();
    };
  });
  useSaidWhenRead(files, setSaid);

  const now = useRef({ files, uploads });
  useEffect(() => void (now.current = { files, uploads }));

  const clearAttached = useCallback(() => {
    clear();
    now.current.uploads.filter(({ attach, state }) => attach && state === 'failed').forEach(({ key }) => cancel(key));
  }, [clear, cancel]);
  const actions = useMemo<FilesActions>(
    () => ({
      ...{ canWrite, add, cancel, retry, attach, detach, clearAttached, refresh },
      async remove(file) {
        await callApi('DELETE', `/files/${file.id}`);
        detach(file.id);
        await refresh();
      },
      async restore(file) {
        await callApi('POST', `/files/${file.id}/restore`);
        await refresh();
      },
      readyOf(fileIds) {
        const ready = new Set(now.current.files.flatMap(({ id, status }) => (status === 'ready' ? [id] : [])));
        return fileIds.filter((id) => ready.has(id));
      },
    }),
    [canWrite, add, cancel, retry, attach, detach, clearAttached, refresh],
  );
  const { maxBytes } = loaded;
  const state = useMemo<FilesState>(
    () => ({ files, deleted, uploads, attachedIds, more, maxBytes, hasReader }),
    [files, deleted, uploads, attachedIds, more, maxBytes, hasReader],
  );
  return (
    <Actions.Provider value={actions}>
      <State.Provider value={state}>
        <FileViewerProvider value={setViewed}>
          {children}
          <p role="status" className="sr-only">
            {said}
          </p>
          {viewed && <FileViewer key={viewed.fileId} view={viewed} onClose={() => setViewed(null)} />}
        </FileViewerProvider>
      </State.Provider>
    </Actions.Provider>
  );
}

/** Says to a screen reader what became of a file that was being read. */
function useSaidWhenRead(files: readonly StoredFile[], say: (text: string) => void): void {
  const before = useRef(new Map<string, StoredFile['status']>());
  useEffect(() => {
    for (const { id, name, status, error } of files) {
      const was = before.current.get(id);
      if (was === 'parsing' && status === 'ready') say(`${name} is ready.`);
      if (was === 'parsing' && status === 'failed') say(`${name}: ${error?.message ?? 'it could not be read.'}`);
    }
    before.current = new Map(files.map(({ id, status }) => [id, status]));
  }, [files, say]);
}

export function useFilesActions(): FilesActions {
  const value = useContext(Actions);
  if (!value) throw new Error('This stands outside a conversation’s files.');
  return value;
}

export function useFiles(): FilesState {
  const value = useContext(State);
  if (!value) throw new Error('This stands outside a conversation’s files.');
  return value;
}
