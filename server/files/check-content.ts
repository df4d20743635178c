import type { FileKind } from '#server/files/contract.ts';
import { readZipDirectory } from '#server/files/zip-directory.ts';

const PDF = Buffer.from('%PDF-');
const ZIP = Buffer.from('PK\x03\x04', 'latin1');
/** Of Office files from before 2007, and of newer ones with a password. */
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/** Beginnings of what is no text, or text that a program would run or render. */
const NO_TEXT = [
  PDF,
  ZIP,
  COMPOUND,
  Buffer.from('PK\x05\x06', 'latin1'),
  Buffer.from('\x89PNG', 'latin1'),
  Buffer.from('GIF8', 'latin1'),
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from('\x7fELF', 'latin1'),
  Buffer.from('MZ', 'latin1'),
  Buffer.from([0x1f, 0x8b]),
  Buffer.from('7z\xbc\xaf', 'latin1'),
  Buffer.from('Rar!', 'latin1'),
  Buffer.from('{\\rtf', 'latin1'),
  Buffer.from('%!PS', 'latin1'),
];

/**
 * Whether the bytes are what the file claims to be. Null when they are; else why not, for a person. A file that is of the
 * right kind but broken, locked or too large inside passes: what is wrong with it is for the parser to say.
 */
export function checkContent(kind: FileKind, bytes: Buffer): string | null {
  switch (kind) {
    case 'pdf':
      return starts(bytes, PDF) ? null : 'This is not a PDF: its content is something else.';
    case 'docx':
      return checkDocx(bytes);
    case 'txt':
    case 'md':
    case 'csv':
      return checkText(bytes);
  }
}

function checkDocx(bytes: Buffer): string | null {
  if (starts(bytes, COMPOUND)) {
    return bytes.includes(ENCRYPTED_PACKAGE) ? null : 'This is an old Word file (.doc). Save it as .docx.';
  }
  if (!starts(bytes, ZIP)) return 'This is not a DOCX: its content is something else.';
  const entries = readZipDirectory(bytes, { maxEntries: 5_000 });
  if (entries === null) return null;
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  if (names.has('word/vbaproject.bin')) return 'This document contains macros. Save it as a .docx without them.';
  return names.has('word/document.xml') ? null : 'This is not a DOCX: it is another kind of ZIP archive.';
}

function checkText(bytes: Buffer): string | null {
  if (NO_TEXT.some((beginning) => starts(bytes, beginning))) return 'This is not text: its content is something else.';
  if (isUtf16(bytes)) return null;
  const sample = bytes.subarray(0, 65_536);
  if (bytes.includes(0)) return 'This is not text: it contains binary data.';
  const controls = sample.reduce(
    (count, byte) => count + (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) ? 1 : 0),
    0,
  );
  if (controls > sample.length / 50) return 'This is not text: it contains binary data.';
  const beginning = sample
    .subarray(0, 1_024)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  return /^<(!doctype\s+(html|svg)|html|svg|script)\b/i.test(beginning) ||
    /^<\?xml[^>]*\?>\s*<(!doctype\s+)?(html|svg)\b/i.test(beginning)
    ? 'This is a web page or a drawing, not plain text.'
    : null;
}

/** By its mark, or by every second byte of a longer stretch being NUL, as in most scripts' UTF-16. */
export function isUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 4_096);
  if (sample.length < 8 || bytes.length % 2 !== 0) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at] === 0) even += 1;
    if (sample[at + 1] === 0) odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.6 && even < half * 0.05) return 'utf-16le';
  return even > half * 0.6 && odd < half * 0.05 ? 'utf-16be' : null;
}

function starts(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning);
}
