import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '#server/platform/logger.ts';
import { startSentryServer } from '#tests/support/sentry-server.ts';
import { startSentry } from '#server/platform/sentry.ts';

test('what is logged as an error reaches Sentry with ids and without content (I8, NFR-OBS-001)', async () => {
  const ingest = await startSentryServer();
  const log = createLogger({ logLevel: 'info', production: true }, new PassThrough().resume());
  const sentry = await startSentry({ sentryDsn: ingest.dsn, nodeEnv: 'test', role: 'worker' }, log);

  log.warn('only a warning');
  log.error('a turn broke', { turnId: 'turn-1', prompt: 'my secret plan', error: new Error('boom token=t0p') });
  await sentry.close();
  await ingest.close();

  const [event] = ingest.events();
  const received = ingest.received.join();
  expect(event?.exception.values[0]?.value).toBe('boom token=***');
  expect(event?.tags).toMatchObject({ turnId: 'turn-1', role: 'worker', logMessage: 'a turn broke' });
  expect(received).not.toMatch(/only a warning|server_name|"modules"/);
  expect(received).not.toContain('my secret plan');
});

test('without a DSN nothing is sent and nothing of the SDK is loaded', async () => {
  const log = createLogger({ logLevel: 'info', production: true }, new PassThrough().resume());
  const sentry = await startSentry({ sentryDsn: null, nodeEnv: 'test', role: 'all' }, log);
  expect(log.transports).toHaveLength(1);
  await sentry.close();
});
