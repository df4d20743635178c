/** What a ZIP's central directory says of its entries. Nothing is unpacked, and nothing of it is believed to be true. */
export type ZipEntry = { name: string; encrypted: boolean; packedBytes: number; unpackedBytes: number };

/** `null`: there is no whole central directory, so the file is cut off or broken. */
export function readZipDirectory(bytes: Buffer, { maxEntries }: { maxEntries: number }): ZipEntry[] | null {
  const end = findEnd(bytes);
  if (end < 0) return null;
  const count = bytes.readUInt16LE(end + 10);
  const size = bytes.readUInt32LE(end + 12);
  const start = bytes.readUInt32LE(end + 16);
  if (start + size > end) return null;
  const entries: ZipEntry[] = [];
  let at = start;
  // One more than allowed is enough to see that there are too many.
  while (at + 46 <= start + size && entries.length <= maxEntries) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) return null;
    const nameLength = bytes.readUInt16LE(at + 28);
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (at + 46 + nameLength > end) return null;
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      packedBytes: bytes.readUInt32LE(at + 20),
      unpackedBytes: bytes.readUInt32LE(at + 24),
    });
    at += 46 + nameLength + rest;
  }
  return entries.length >= count || entries.length > maxEntries ? entries : null;
}

/** The end record is the last thing in the file but for a comment of at most 65,535 bytes. */
function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65_535); at -= 1) {
    if (bytes.readUInt32LE(at) === 0x06054b50) return at;
  }
  return -1;
}
