import type { SearchPort } from '#server/adapters/search/port.ts';
import { createNoSearch, createTavilySearch } from '#server/adapters/search/tavily.ts';
import type { Env } from '#server/platform/env.ts';

/** Tavily when there is a key for it. */
export function createSearch(env: Pick<Env, 'tavilyApiKey' | 'tavilyBaseUrl'>): SearchPort {
  return env.tavilyApiKey === null
    ? createNoSearch()
    : createTavilySearch({ apiKey: env.tavilyApiKey, baseUrl: env.tavilyBaseUrl });
}
