/** Reads a streamed answer to its end; returns when `mark` was first seen. */
export async function readUntil(response: Response, mark: string): Promise<number> {
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  const decoder = new TextDecoder();
  let seenAt: number | null = null;
  let tail = '';
  for await (const piece of response.body) {
    if (seenAt !== null) continue;
    tail += decoder.decode(piece, { stream: true });
    if (tail.includes(mark)) seenAt = performance.now();
    tail = tail.slice(-mark.length);
  }
  if (seenAt === null) throw new Error('No text came.');
  return seenAt;
}
