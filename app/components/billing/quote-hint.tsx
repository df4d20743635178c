import { useEffect, useState } from 'react';
import type { Quote } from '#server/billing/contract.ts';
import { callApi } from '#app/components/api.ts';
import { useFiles, useFilesActions } from '#app/components/files/files-context.tsx';
import { creditRange, formatAbout, formatCredits } from '#app/components/format.ts';

const WAIT_MS = 400;

/** What the message that is being written would cost, with the files that go with it. Silent while that is not known, or nobody would answer it. */
export function QuoteHint({ path, text }: { path: string; text: string }) {
  const [quoted, setQuoted] = useState<{ text: string; quote: Quote | null } | null>(null);
  const message = text.trim();
  const { attachedIds } = useFiles();
  const { readyOf } = useFilesActions();
  // As one string, which is the same as long as the files are.
  const attached = readyOf(attachedIds).join(' ');
  useEffect(() => {
    if (message === '') return;
    let gone = false;
    const fileIds = attached === '' ? [] : attached.split(' ');
    const timer = setTimeout(() => {
      callApi<Quote>('POST', `${path}/quote`, { body: { message, fileIds } })
        .then((quote) => !gone && setQuoted({ text: message, quote }))
        .catch(() => !gone && setQuoted({ text: message, quote: null }));
    }, WAIT_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [path, message, attached]);
  const quote = message === '' ? null : (quoted?.quote ?? null);
  if (!quote) return null;
  const setAside = `Up to ${formatCredits(quote.reservedMicroCredits)} credits are set aside until it is answered.`;
  const each = quote.agents.map((one) => `${one.agentName}: ${creditRange(one)}`);
  return (
    <span
      className="shrink-0 whitespace-nowrap tabular-nums"
      title={[`${creditRange(quote)} credits, depending on how much is written`, ...each, setAside].join('\n')}
    >
      <span className="sr-only">Expected cost: about </span>
      <span aria-hidden>≈ </span>
      {formatAbout(quote.expectedMicroCredits)} credits
      <span className="sr-only">
        , from {creditRange(quote)}. {setAside}
      </span>
    </span>
  );
}
