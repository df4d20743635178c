import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSearch } from '#server/adapters/search/create-search.ts';
import { createTavilySearch } from '#server/adapters/search/tavily.ts';
import { afterFile } from '../support/after-file.ts';
import { startSearchServer, type SearchServer } from '../support/search-server.ts';

let server: SearchServer;
const never = new AbortController().signal;
const ask = { query: 'copper', maxResults: 3 };

beforeAll(async () => {
  server = await startSearchServer();
  afterFile(() => server.close());
});
beforeEach(() => server.fail(500, 0));

function tavily(more = {}) {
  return createTavilySearch({ apiKey: server.apiKey, baseUrl: server.url, backoffMs: 1, ...more });
}

describe('Tavily (FR-TOOL-002)', () => {
  it('is asked with the key in a header and answers with what a card needs', async () => {
    const before = server.requests.length;
    expect(await tavily().search(ask, { signal: never })).toEqual({
      status: 'ok',
      tries: 1,
      hits: [{ title: 'About copper', url: 'https://news.example/a', content: 'What is known of copper.' }],
    });
    expect(server.requests[before]).toMatchObject({ path: '/search', body: { query: 'copper', max_results: 3 } });
  });

  it('is asked again after 5xx, 429 and a broken connection, and given up after three tries (NFR-REL-003)', async () => {
    for (const how of [500, 429, 'cut'] as const) {
      server.fail(how, 2);
      expect(await tavily().search(ask, { signal: never })).toMatchObject({ status: 'ok', tries: 3 });
      server.fail(how, 3);
      expect(await tavily().search(ask, { signal: never })).toMatchObject({ status: 'failed', tries: 3 });
    }
  });

  it.each([
    [401, 'auth'],
    [400, 'refused_request'],
    [432, 'quota'],
    ['garbage', 'bad_response'],
  ] as const)('says what %s means, without its key or its address', async (how, code) => {
    server.fail(how);
    const outcome = await tavily().search(ask, { signal: never });
    expect(outcome).toMatchObject({ status: 'failed', code, tries: 1 });
    expect(JSON.stringify(outcome)).not.toMatch(/tvly|127\.0\.0\.1|copper/);
  });

  it('doesn’t wait longer than a person would (NFR-REL-003)', async () => {
    server.fail(429, 1, { 'Retry-After': '3600' });
    expect(await tavily().search(ask, { signal: never })).toMatchObject({ code: 'rate_limited', tries: 1 });
    server.fail('hang');
    expect(await tavily({ timeoutMs: 50 }).search(ask, { signal: never })).toMatchObject({ code: 'timeout', tries: 1 });
  });

  it('stops as soon as it is told to, and hangs up', async () => {
    server.fail('hang');
    const before = server.abandoned();
    const stop = new AbortController();
    const searching = tavily().search(ask, { signal: stop.signal });
    await expect.poll(() => server.requests.length).toBeGreaterThan(0);
    stop.abort();
    expect(await searching).toMatchObject({ status: 'failed', code: 'aborted' });
    await expect.poll(() => server.abandoned()).toBe(before + 1);
  });

  it('makes no card of an address that a browser shouldn’t open', async () => {
    const urls = [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://user:pass@evil.example/',
      'not one',
      'https://ok.example/',
    ];
    server.answerWith(urls.map((url) => ({ title: 'x', url, content: 'y' })));
    const outcome = await tavily().search({ ...ask, maxResults: 9 }, { signal: never });
    expect(outcome).toMatchObject({ hits: [{ url: 'https://ok.example/' }] });
  });

  it('without a key says that it is not configured', async () => {
    const none = createSearch({ tavilyApiKey: null, tavilyBaseUrl: server.url });
    expect(await none.search(ask, { signal: never })).toMatchObject({ status: 'failed', code: 'not_configured' });
  });
});
