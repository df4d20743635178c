import { quote } from '#graphs/quote.ts';
import type { PermittedFile } from '#server/tools/gate.ts';
import type { ToolOutcome } from '#server/tools/outcome.ts';

export function listFiles(files: PermittedFile[]): ToolOutcome {
  const lines = files.map(({ handle, pages, mimeType }) => `${handle} (${pagesOf(pages)}, ${mimeType})`);
  return {
    status: 'completed',
    text: quote('Files that you may read:', lines.join('\n')),
    summary: `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    error: null,
    units: 0,
    citations: [],
    access: files.map(({ id }) => ({ fileId: id, action: 'list', pages: null, allowed: true })),
  };
}

export function pagesOf(count: number): string {
  return count === 1 ? '1 page' : `${count} pages`;
}
