import { createParser } from 'eventsource-parser';
import type { Chunk } from './chat-completion.ts';

/**
 * Reads a streamed chat completion up to its `[DONE]`, or until `onChunk` answers false. Throws at an event that isn't JSON
 * or that tells of an error.
 */
export async function readChunks(body: AsyncIterable<Uint8Array>, onChunk: (chunk: Chunk) => boolean): Promise<void> {
  const decoder = new TextDecoder();
  const state = { over: false };
  const parser = createParser({
    onEvent({ data }) {
      state.over ||= data.startsWith('[DONE]');
      if (state.over) return;
      const chunk = JSON.parse(data) as Chunk & { error?: unknown };
      if (chunk.error) throw new Error('The provider sent an error in place of the rest.');
      state.over = !onChunk(chunk);
    },
  });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    if (state.over) return;
  }
  // Some end without the empty line that ends an event.
  parser.feed('\n\n');
}
