/** Longer than any mark, shorter than an event: what is kept of the stream while the mark has not come. */
const KEPT = 64;

/** Reads a streamed answer to its end; returns when `mark` was first seen. */
export async function readUntil(response: Response, mark: RegExp): Promise<number> {
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  const decoder = new TextDecoder();
  let seenAt: number | null = null;
  let tail = '';
  for await (const piece of response.body) {
    if (seenAt !== null) continue;
    tail += decoder.decode(piece, { stream: true });
    if (mark.test(tail)) seenAt = performance.now();
    tail = tail.slice(-KEPT);
  }
  if (seenAt === null) throw new Error('No text came.');
  return seenAt;
}
