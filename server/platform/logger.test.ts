import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '#server/platform/logger.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const stream = new PassThrough();
  write(createLogger({ logLevel: 'debug', production: true }, stream));
  return String(stream.read() ?? '');
}

test('secrets and content are left out by the names of their keys, at any depth (I8)', () => {
  const line = logged((log) =>
    log.info('x', {
      turnId: 't1',
      promptTokens: 12,
      apiKey: 'k',
      nested: { cookie: 'c', list: [{ prompt: 'p', content: 'p' }] },
    }),
  );
  expect(JSON.parse(line)).toMatchObject({ turnId: 't1', promptTokens: 12, apiKey: '[redacted]' });
  expect(line).not.toMatch(/"(k|c|p)"/);
});

test('secrets inside texts and errors are masked (I8)', () => {
  const error = new Error(
    'no answer from postgresql://me:hunter2@db/x?token=abc with Bearer s3cr3t and sk-or-abcdefgh123',
  );
  const line = logged((log) => log.error('x', { error }));
  expect(line).toContain('no answer from');
  expect(line).not.toMatch(/hunter2|abc\b|s3cr3t|abcdefgh/);
});

test('an error keeps its name, code and stack, and nothing that hangs on it', () => {
  const error = Object.assign(new Error('boom'), { code: '23505', detail: 'Key (email)=(a@b.c)', parameters: ['x'] });
  const line = logged((log) => log.error('x', { error }));
  expect(JSON.parse(line)).toMatchObject({ error: { name: 'Error', code: '23505', message: 'boom' } });
  expect(line).not.toContain('a@b.c');
});
