import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The blocks of a document that are written in this language, in order. `document` from the repository's root. */
export async function snippetsOf(document: string, language: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, '../..', document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter((found) => found[1] === language)
    .map((found) => found[2] ?? '');
}
