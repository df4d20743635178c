/** One page that the web search knows. All of it is text from outside. */
export type SearchHit = { title: string; url: string; content: string };

export type SearchFailureCode =
  | 'not_configured'
  | 'aborted'
  | 'timeout'
  | 'network'
  | 'auth'
  | 'rate_limited'
  | 'quota'
  | 'refused_request'
  | 'provider_error'
  | 'bad_response';

/** `message` is plain words for a model and a person: no key, no address, no query. */
export type SearchOutcome =
  | { status: 'ok'; hits: SearchHit[]; tries: number }
  | { status: 'failed'; code: SearchFailureCode; message: string; tries: number };

/** Searches the web. Never throws for what the provider does; stops as soon as `signal` aborts. */
export type SearchPort = {
  readonly kind: 'tavily' | 'none';
  search(ask: { query: string; maxResults: number }, options: { signal: AbortSignal }): Promise<SearchOutcome>;
};
