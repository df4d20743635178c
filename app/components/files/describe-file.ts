import type { File as StoredFile } from '#server/files/contract.ts';

/** 640 B, 12 kB, 1.2 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/u, '')} MB`;
}

/** Only a PDF has pages; other files are read in sections. */
export function partOf(fileName: string): 'page' | 'section' {
  return /\.pdf$/i.test(fileName) ? 'page' : 'section';
}

/** “12 pages”, “4,000 rows”; empty while that isn’t known. */
export function extentOf({ pages, rows, name }: StoredFile): string {
  if (rows !== undefined) return rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`;
  if (pages === undefined) return '';
  const unit = partOf(name);
  return pages === 1 ? `1 ${unit}` : `${pages.toLocaleString('en')} ${unit}s`;
}
