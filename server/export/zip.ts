import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** `data` as bytes is stored as it is: uploads are mostly compressed already. */
export type ZipEntry = { path: string; data: string | Uint8Array };

/** A zip as it is made, one entry in memory at a time; the next is asked for when this one is taken. */
export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const archive = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for await (const { path, data } of entries) {
    const file = typeof data === 'string' ? new ZipDeflate(path, { level: 6 }) : new ZipPassThrough(path);
    archive.add(file);
    file.push(typeof data === 'string' ? strToU8(data) : data, true);
    yield* ready.splice(0);
  }
  archive.end();
  yield* ready.splice(0);
}
