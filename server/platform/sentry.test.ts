import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '#server/platform/logger.ts';
import { startSentry } from '#server/platform/sentry.ts';

test('what is logged as an error reaches Sentry with ids and without content (I8)', async () => {
  const received: string[] = [];
  const ingest = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      received.push(body);
      res.end('{}');
    });
  });
  await new Promise<void>((resolve) => ingest.listen(0, '127.0.0.1', resolve));
  const { port } = ingest.address() as AddressInfo;
  const log = createLogger({ logLevel: 'info', production: true }, new PassThrough().resume());
  const sentry = await startSentry(
    { sentryDsn: `http://key@127.0.0.1:${port}/7`, nodeEnv: 'test', role: 'worker' },
    log,
  );

  log.warn('only a warning');
  log.error('a turn broke', { turnId: 'turn-1', prompt: 'my secret plan', error: new Error('boom token=t0p') });
  await sentry.close();
  ingest.close();

  const event = JSON.parse(
    received
      .join('\n')
      .split('\n')
      .find((line) => line.includes('"exception"')) ?? '{}',
  ) as {
    exception: { values: { value: string }[] };
    tags: Record<string, string>;
  };
  expect(event.exception.values[0]?.value).toBe('boom token=***');
  expect(event.tags).toMatchObject({ turnId: 'turn-1', role: 'worker', logMessage: 'a turn broke' });
  expect(received.join()).not.toMatch(/only a warning|server_name|"modules"/);
  expect(received.join()).not.toContain('my secret plan');
});

test('without a DSN nothing is sent and nothing of the SDK is loaded', async () => {
  const log = createLogger({ logLevel: 'info', production: true }, new PassThrough().resume());
  const sentry = await startSentry({ sentryDsn: null, nodeEnv: 'test', role: 'all' }, log);
  expect(log.transports).toHaveLength(1);
  await sentry.close();
});
