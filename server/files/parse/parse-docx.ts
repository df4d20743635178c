import { inflateRawSync } from 'node:zlib';
import { readZipDirectory } from '../zip-directory.ts';
import { LIMITS } from './limits.ts';
import { parseFailure, type Parsed } from './parsed.ts';
import { keepWithin, sectionsOf, tidy } from './sections.ts';

/**
 * The text of a document. What its directory claims is checked before this (see preflight.ts); here its entries are
 * unpacked once within the limit, since a directory can lie, before a library takes them into memory.
 */
export async function parseDocx(bytes: Buffer): Promise<Parsed> {
  assertUnpacksWithin(bytes, LIMITS.unpackedBytes);
  const { default: mammoth } = await import('mammoth');
  let text: string;
  try {
    ({ value: text } = await mammoth.extractRawText({ buffer: bytes }));
  } catch {
    throw parseFailure('corrupt');
  }
  const tidied = tidy(text);
  if (tidied === '') throw parseFailure('empty');
  return keepWithin(sectionsOf(tidied), {});
}

const LOCAL_HEADER = 0x04034b50;

/** Entries are found by their local headers, one after the other as a reader that trusts nothing finds them. */
function assertUnpacksWithin(bytes: Buffer, limit: number): void {
  if (readZipDirectory(bytes, { maxEntries: LIMITS.zipEntries }) === null) throw parseFailure('corrupt');
  let left = limit;
  for (let at = bytes.indexOf('PK\x03\x04', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1')) {
    if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL_HEADER) continue;
    const method = bytes.readUInt16LE(at + 8);
    if (method !== 8) continue;
    const data = bytes.subarray(at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28));
    try {
      left -= inflateRawSync(data, { maxOutputLength: left }).byteLength;
    } catch (error) {
      if (error instanceof RangeError) throw parseFailure('too_large');
      // Not the beginning of an entry after all, or a broken one, which the library will stumble over.
    }
  }
}
