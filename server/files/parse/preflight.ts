import type { FileKind } from '../contract.ts';
import { readZipDirectory } from '../zip-directory.ts';
import { LIMITS } from './limits.ts';
import { parseFailure } from './parsed.ts';

/** An entry smaller than this may be packed as tightly as it likes. */
const RATIO_MATTERS_ABOVE = 1024 * 1024;

/** What can be known of a file without reading it, before a process is started for it. Throws ParseFailure. */
export function preflight(kind: FileKind, bytes: Buffer): void {
  if (bytes.length === 0) throw parseFailure('empty');
  if (kind !== 'docx') return;
  // Passed the check of its content: a locked document is one of Office's compound files.
  if (bytes[0] === 0xd0) throw parseFailure('encrypted');
  const entries = readZipDirectory(bytes, { maxEntries: LIMITS.zipEntries });
  if (entries === null) throw parseFailure('corrupt');
  if (entries.length > LIMITS.zipEntries) throw parseFailure('too_large');
  if (entries.some((entry) => entry.encrypted)) throw parseFailure('encrypted');
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  if (unpacked > LIMITS.unpackedBytes) throw parseFailure('too_large');
  const bomb = entries.some(
    ({ packedBytes, unpackedBytes }) =>
      unpackedBytes > RATIO_MATTERS_ABOVE && unpackedBytes > packedBytes * LIMITS.ratio,
  );
  if (bomb) throw parseFailure('too_large');
}
