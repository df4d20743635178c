import { AppError } from '#server/platform/errors.ts';

/** More than the longest message takes, with every character escaped. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Up to here a body that is too large is read to its end, so that its sender gets to see the answer. */
const PATIENCE_BYTES = 16 * 1024 * 1024;

/** A body as text. Counted as it arrives, since a chunked one doesn't say its length beforehand. */
export async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > PATIENCE_BYTES) break;
    if (bytes <= MAX_BYTES) text += decoder.decode(chunk, { stream: true });
  }
  if (bytes > MAX_BYTES) throw new AppError('body_too_large', 'The body is larger than this address takes.');
  return text + decoder.decode();
}
