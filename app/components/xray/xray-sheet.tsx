import { Link } from '@remix-run/react';
import { Maximize2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Xray } from '#server/xray/contract.ts';
import { callApi, problemMessage } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { headlineOf, XrayView } from '#app/components/xray/xray-view.tsx';

type XraySheetProps = { turnId: string; stepId: string; home: string; onClose: () => void };

/** What a step's sheet holds: loaded when it opens, whole when it is there. */
export function XraySheet({ turnId, stepId, home, onClose }: XraySheetProps) {
  const [xray, setXray] = useState<Xray | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const shown = { still: true };
    callApi<Xray>('GET', `/turns/${turnId}/steps/${stepId}/xray`).then(
      (found) => shown.still && setXray(found),
      (error: unknown) => shown.still && setProblem(problemMessage(error)),
    );
    return () => {
      shown.still = false;
    };
  }, [turnId, stepId, tries]);
  return (
    <>
      <header className="flex min-h-14 items-center gap-2 border-b border-line py-2 pr-2 pl-5">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-sm font-semibold">X-ray{xray && ` · ${xray.agentName}`}</h2>
          <p className="truncate text-xs text-ink-faint tabular-nums">{xray ? headlineOf(xray) : ' '}</p>
        </div>
        <Button
          asChild
          variant="ghost"
          size="icon"
          aria-label="Open on a page of its own"
          title="Open on a page of its own"
        >
          <Link to={`/turns/${turnId}/steps/${stepId}/xray`}>
            <Maximize2 aria-hidden className="size-4" />
          </Link>
        </Button>
        <Button variant="ghost" size="icon" aria-label="Close" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-4 sm:p-5">
        {problem !== null ? (
          <Alert tone="danger">
            {problem}{' '}
            <button
              type="button"
              className="underline"
              onClick={() => {
                setProblem(null);
                setTries(tries + 1);
              }}
            >
              Try again
            </button>
          </Alert>
        ) : xray ? (
          <XrayView xray={xray} home={home} />
        ) : (
          <Loading />
        )}
      </div>
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the X-ray" className="space-y-3">
      {['w-2/5', 'w-full', 'w-4/5', 'w-full', 'w-3/5'].map((width, place) => (
        <div key={place} className={`h-4 animate-breathe rounded-full bg-sunken ${width}`} />
      ))}
    </div>
  );
}
