import { createContext, useContext } from 'react';

/** A file to look into: at a page, and with a passage that is marked there. */
export type FileToView = { fileId: string; name: string; page: number; quote: string | null };

const Context = createContext<((file: FileToView) => void) | null>(null);
export const FileViewerProvider = Context.Provider;

/** Opens a file of the conversation; null where there is nowhere to show it. */
export function useFileViewer(): ((file: FileToView) => void) | null {
  return useContext(Context);
}
