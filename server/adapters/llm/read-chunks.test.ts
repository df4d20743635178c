import { expect, test } from 'vitest';
import type { Chunk } from './chat-completion.ts';
import { readChunks } from './read-chunks.ts';

/** What is read of a body that arrives in these pieces, up to the chunk with this id. */
async function read(pieces: (string | Uint8Array)[], upTo = '') {
  const ids: (string | undefined)[] = [];
  const onChunk = ({ id }: Chunk) => {
    ids.push(id);
    return id !== upTo;
  };
  const encoder = new TextEncoder();
  async function* body() {
    for (const piece of pieces) yield await Promise.resolve(typeof piece === 'string' ? encoder.encode(piece) : piece);
  }
  await readChunks(body(), onChunk);
  return ids;
}

test('events are read wherever the network cut them, also inside a letter', async () => {
  const bytes = new TextEncoder().encode('data: {"id":"ä"}\n\ndata: {"id":"b"}\n\n');
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(['ä', 'b']);
});

test('comments, other fields and every kind of line end are what they are in an event stream', async () => {
  expect(await read([': waiting\r\n\r\nevent: x\r\nid: 1\r\ndata: {"id":\r\ndata: "a"}\r\n\r\n'])).toEqual(['a']);
});

test('nothing after [DONE] is read, and nothing after the caller has enough', async () => {
  expect(await read(['data: {"id":"a"}\n\ndata: [DONE]\n\ndata: {"id":"b"}\n\n', 'data: {"id":"c"}\n\n'])).toEqual([
    'a',
  ]);
  expect(await read(['data: {"id":"a"}\n\ndata: {"id":"b"}\n\n', 'data: {"id":"c"}\n\n'], 'a')).toEqual(['a']);
});

test('a last event without its empty line counts', async () => {
  expect(await read(['data: {"id":"a"}\n\ndata: {"id":"b"}'])).toEqual(['a', 'b']);
  expect(await read(['data: {"id":"a"}\n\ndata: {"id":"b"}\n'])).toEqual(['a', 'b']);
  expect(await read(['data: {"id":"a"}\n\ndata: [DONE]'])).toEqual(['a']);
});

test('an event that is no JSON, half an event, and one that tells of an error end the reading', async () => {
  await expect(read(['data: {"id":"a"}\n\ndata: nonsense\n\n'])).rejects.toThrow(SyntaxError);
  await expect(read(['data: {"id":"a"}\n\ndata: {"id":'])).rejects.toThrow(SyntaxError);
  await expect(read(['data: {"error":{"message":"overloaded"}}\n\n'])).rejects.toThrow('an error in place of the rest');
});
