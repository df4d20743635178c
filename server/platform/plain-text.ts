/** Text that PostgreSQL can store, as text and as JSON: no NUL, no half of a surrogate pair. */
export function plainText(value: string): string {
  return value.replaceAll('\0', '').toWellFormed();
}

/** The same on one line: runs of white space are one space. */
export function oneLine(value: string): string {
  return plainText(value).normalize('NFC').replace(/\s+/gu, ' ').trim();
}
