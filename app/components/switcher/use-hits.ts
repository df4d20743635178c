import { useEffect, useState } from 'react';
import type { SearchHit } from '#server/search/contract.ts';
import { callApi, problemMessage } from '#app/components/api.ts';

const WAIT_MS = 150;
const LIMIT = '8';

type Found = { query: string; hits: SearchHit[]; problem: string | null };

/** What the server finds for a query, a moment after the last key. An answer to an older query is not shown. */
export function useHits(query: string, conversationId: string | null) {
  const [found, setFound] = useState<Found>({ query: '', hits: [], problem: null });
  const asked = query.length < 2 ? '' : query;

  useEffect(() => {
    if (asked === '') return;
    let stale = false;
    const timer = setTimeout(() => {
      const params = new URLSearchParams({ q: asked, limit: LIMIT, ...(conversationId ? { conversationId } : {}) });
      callApi<{ items: SearchHit[] }>('GET', `/search?${params.toString()}`).then(
        ({ items }) => {
          if (!stale) setFound({ query: asked, hits: items, problem: null });
        },
        (error: unknown) => {
          if (!stale) setFound({ query: asked, hits: [], problem: problemMessage(error) });
        },
      );
    }, WAIT_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [asked, conversationId]);

  const current = asked !== '' && found.query === asked;
  return {
    hits: asked === '' ? [] : found.hits,
    problem: current ? found.problem : null,
    searching: asked !== '' && !current,
  };
}
