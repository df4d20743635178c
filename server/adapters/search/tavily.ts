import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { plainText } from '#server/platform/plain-text.ts';
import type { SearchFailureCode, SearchHit, SearchOutcome, SearchPort } from './port.ts';

export type TavilyOptions = {
  apiKey: string;
  baseUrl: string;
  /** For one try; 10 s unless told. */
  timeoutMs?: number;
  /** The first pause before another try, doubled each time; 400 ms unless told. */
  backoffMs?: number;
};

const TRIES = 3;
const MAX_WAIT_MS = 5_000;
const MAX_BODY_BYTES = 1_000_000;

const ZAnswer = z.object({
  results: z.array(z.object({ title: z.string().catch(''), url: z.string(), content: z.string().catch('') })),
});

type Try = { outcome: SearchHit[] } | { code: SearchFailureCode; retryAfterMs: number | null };

/**
 * Tavily by its HTTP API. (Its LangChain package reports HTTP errors as results, logs whole answers and can't be
 * stopped.) Tried again after 429, 5xx and broken connections; what it answers is checked and nothing of it is followed.
 */
export function createTavilySearch(options: TavilyOptions): SearchPort {
  const { timeoutMs = 10_000, backoffMs = 400 } = options;
  const url = `${options.baseUrl.replace(/\/+$/, '')}/search`;

  async function tryOnce(ask: { query: string; maxResults: number }, signal: AbortSignal): Promise<Try> {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${options.apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          query: ask.query,
          max_results: ask.maxResults,
          search_depth: 'basic',
          include_answer: false,
          include_images: false,
          include_raw_content: false,
        }),
        redirect: 'error',
        signal: AbortSignal.any([signal, deadline]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        return { code: codeOf(response.status), retryAfterMs: retryAfterOf(response) };
      }
      const parsed = ZAnswer.safeParse(JSON.parse(await readText(response)));
      if (!parsed.success) return { code: 'bad_response', retryAfterMs: null };
      return { outcome: parsed.data.results.flatMap(clean).slice(0, ask.maxResults) };
    } catch (error) {
      if (signal.aborted) return { code: 'aborted', retryAfterMs: null };
      if (deadline.aborted) return { code: 'timeout', retryAfterMs: null };
      return {
        code: error instanceof SyntaxError || error instanceof RangeError ? 'bad_response' : 'network',
        retryAfterMs: null,
      };
    }
  }

  return {
    kind: 'tavily',
    async search(ask, { signal }): Promise<SearchOutcome> {
      for (let tries = 1; ; tries += 1) {
        if (signal.aborted) return failed('aborted', tries - 1);
        const made = await tryOnce(ask, signal);
        if ('outcome' in made) return { status: 'ok', hits: made.outcome, tries };
        if (!PASSING.has(made.code) || tries === TRIES) return failed(made.code, tries);
        const pause = Math.max(backoffMs * 2 ** (tries - 1), made.retryAfterMs ?? 0);
        if (pause > MAX_WAIT_MS) return failed(made.code, tries);
        await sleep(pause, undefined, { signal }).catch(() => {});
      }
    },
  };
}

/** With no key: every search says so, to the model and thereby to the person. */
export function createNoSearch(): SearchPort {
  return { kind: 'none', search: async () => failed('not_configured', 0) };
}

const PASSING = new Set<SearchFailureCode>(['network', 'rate_limited', 'provider_error']);

const WORDS: Record<SearchFailureCode, string> = {
  not_configured: 'Web search is not configured on this server. Answer without it and say so.',
  aborted: 'The search was stopped.',
  timeout: 'The search took too long.',
  network: 'The search service can’t be reached right now.',
  auth: 'The search service refuses this server’s key.',
  rate_limited: 'The search service is busy. Try again later.',
  quota: 'This server has used up its searches for now.',
  refused_request: 'The search service refused this query. Ask in other words.',
  provider_error: 'The search service has a problem.',
  bad_response: 'The search service answered something that can’t be read.',
};

function failed(code: SearchFailureCode, tries: number): SearchOutcome {
  return { status: 'failed', code, message: WORDS[code], tries };
}

/** 432 and 433 are Tavily's own: the plan's and the key's limit. */
function codeOf(status: number): SearchFailureCode {
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limited';
  if (status === 432 || status === 433) return 'quota';
  return status >= 500 ? 'provider_error' : 'refused_request';
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    if (size > MAX_BODY_BYTES) throw new RangeError('The answer is too large.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Only what a browser can open may become a card with a link. */
function clean({ title, url, content }: SearchHit): SearchHit[] {
  if (!URL.canParse(url)) return [];
  const address = new URL(url);
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return [];
  if (address.username !== '' || address.password !== '') return [];
  return [{ title: plainText(title).slice(0, 300), url: address.href.slice(0, 2_000), content: plainText(content) }];
}
