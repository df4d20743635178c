import { startSentryServer } from '../support/sentry-server.ts';
import { startServer } from '../support/server-process.ts';
import { expect, test } from './support/test.ts';

const SECRETS = /ada@example|Dear diary|tok_5f2a9c0e7b1d4a86|secret/;

test.use({ expectedErrors: [/Dear diary|went wrong for|A route broke/] });

test('NFR-OBS-001: an error in the browser reaches Sentry with its page’s request id and without what anybody wrote; the SDK comes with the first error only (I8)', async ({
  page,
  server,
  isMobile,
}) => {
  test.skip(isMobile, 'the same in any window');
  test.slow();
  // Without a DSN a page has no word of it, and nobody connects elsewhere.
  const plain = await fetch(`${server.url}/sign-in`);
  expect(await plain.text()).not.toMatch(/sentry|report-errors|data-request-id/i);
  expect(plain.headers.get('Content-Security-Policy')).toMatch(/connect-src 'self'(;|$)/);

  const ingest = await startSentryServer();
  const reporting = await startServer({ env: { SENTRY_DSN: ingest.dsn } });
  try {
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(request.url()));
    const response = await page.goto(`${reporting.url}/sign-in?redirectTo=/secret`);
    expect(response?.headers()['content-security-policy']).toContain(`connect-src 'self' ${ingest.origin}`);
    await page.waitForLoadState('networkidle');
    expect(
      scripts.filter((url) => /sentry/.test(url)),
      'before anything breaks',
    ).toEqual([]);

    await page.evaluate(() => {
      const broken = new SyntaxError(`Unexpected token 'D', "Dear diary" of ada@example.com, tok_5f2a9c0e7b1d4a86`);
      setTimeout(() => {
        throw broken;
      });
      void Promise.reject(
        Object.assign(new TypeError('It went wrong for ada@example.com'), { document: { requestId: 'req-1' } }),
      );
    });
    await expect.poll(() => ingest.events().length).toBe(2);
    const events = ingest
      .events()
      .sort((a, b) => (a.tags['apiRequestId'] ?? '').localeCompare(b.tags['apiRequestId'] ?? ''));
    const requestId = response?.headers()['x-request-id'] ?? '';
    expect(requestId).not.toBe('');
    expect(events.map(({ exception, tags }) => [exception.values[0]?.type, exception.values[0]?.value, tags])).toEqual([
      [
        'SyntaxError',
        'Unexpected token [text], [text] of [address] [id]',
        { role: 'browser', page: '/sign-in', requestId },
      ],
      [
        'TypeError',
        'It went wrong for [address]',
        { role: 'browser', page: '/sign-in', requestId, apiRequestId: 'req-1' },
      ],
    ]);
    expect(ingest.received.join('\n')).not.toMatch(SECRETS);
    expect(
      reporting.logs.some((line) => line.includes(requestId)),
      'the request is in the server’s log',
    ).toBe(true);
  } finally {
    await reporting.close();
    await ingest.close();
  }
});
