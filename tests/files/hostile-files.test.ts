import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkContent } from '#server/files/check-content.ts';
import type { FileKind } from '#server/files/contract.ts';
import { ParseFailure, type Parsed } from '#server/files/parse/parsed.ts';
import { preflight } from '#server/files/parse/preflight.ts';
import { runChild } from '#server/files/parse/run-child.ts';
import { afterFile } from '../support/after-file.ts';
import { hostileFiles } from '../support/hostile-files.ts';

let asked = 0;

const canary = await startCanary();
const files = hostileFiles(canary);

/** An address that nobody may ask for. */
async function startCanary(): Promise<string> {
  const server = createServer((_request, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterFile(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What becomes of a file on its way: refused, failed with a code, or read. */
async function read(
  kind: FileKind,
  bytes: Buffer,
): Promise<{ refused: string } | { failed: string } | { ready: Parsed; rss: number }> {
  const problem = checkContent(kind, bytes);
  if (problem !== null) return { refused: problem };
  try {
    preflight(kind, bytes);
  } catch (error) {
    if (error instanceof ParseFailure) return { failed: error.code };
    throw error;
  }
  const { answer, failure, peakRssMb, durationMs } = await runChild({ do: 'parse', kind }, bytes);
  expect(durationMs).toBeLessThan(25_000);
  if (answer?.ok && 'parsed' in answer) return { ready: answer.parsed, rss: peakRssMb };
  return { failed: answer?.ok === false ? answer.code : (failure?.code ?? 'none') };
}

describe('a file that was made to do harm has its clear end (AT-007, FR-TOOL-003)', () => {
  it('is one of at least 40', () => expect(files.length).toBeGreaterThanOrEqual(40));

  it.each(files.map((file, at) => [file.what, at] as const))('%s', async (_, at) => {
    const file = files[at];
    if (!file) throw new Error('There is no such file.');
    const kind = file.name.split('.').at(-1) as FileKind;
    const end = await read(kind, Buffer.from(file.bytes));
    if ('refused' in file) expect(end).toHaveProperty('refused');
    else if ('failed' in file)
      expect(end).toMatchObject({
        failed: file.failed instanceof RegExp ? (expect.stringMatching(file.failed) as string) : file.failed,
      });
    else if (file.ready !== null) {
      expect(end).toHaveProperty('ready');
      expect('ready' in end ? end.ready.pages.map(({ text }) => text).join('\n') : '').toContain(file.ready);
    } else expect(end).not.toHaveProperty('refused');
    expect(asked).toBe(0);
  });
});
