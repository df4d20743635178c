import type { App } from '#server/app.ts';
import { followEvents } from '#server/turns/follow-events.ts';
import type { StoredEvent } from '#server/turns/event-hub.ts';

const KEEP_ALIVE_MS = 15_000;
/** How often a long stream asks whether its reader may still read. */
const RECHECK_MS = 3_500;

type Format = { contentType: string; event: (event: StoredEvent) => string; keepAlive: string };

const SSE: Format = {
  contentType: 'text/event-stream',
  event: ({ seq, type, json }) => `id: ${seq}\nevent: ${type}\ndata: ${json}\n\n`,
  keepAlive: ': keep-alive\n\n',
};
const NDJSON: Format = {
  contentType: 'application/x-ndjson',
  event: ({ json }) => `${json}\n`,
  keepAlive: '\n',
};

export type EventsOptions = {
  turnId: string;
  after: number;
  accept: string | null;
  /** Aborts when the client has gone. That stops the stream, never the turn. */
  closed: AbortSignal;
  mayStillRead: () => Promise<boolean>;
  /** An event in another protocol's words, in the order of the events; instead of what `accept` asks for. */
  write?: (event: StoredEvent) => string;
  /** Called when the client has gone before the turn had ended. */
  left?: () => Promise<void>;
};

function formatOf({ accept, write }: EventsOptions): Format {
  if (write) return { ...SSE, event: write };
  return accept?.includes('application/x-ndjson') ? NDJSON : SSE;
}

/** A turn's events as a response that stays open until the turn has ended or its reader may no longer read. */
export function eventsResponse(app: Pick<App, 'db' | 'hub' | 'metrics' | 'log'>, options: EventsOptions): Response {
  const format = formatOf(options);
  const over = new AbortController();
  const signal = AbortSignal.any([options.closed, over.signal]);
  const recheck = setInterval(() => {
    options.mayStillRead().then(
      (may) => {
        if (!may) over.abort();
      },
      (error: unknown) => {
        app.log.warn('a stream’s reader could not be checked', { error });
        over.abort();
      },
    );
  }, RECHECK_MS);
  const events = followEvents(app, {
    turnId: options.turnId,
    after: options.after,
    signal,
    keepAliveMs: KEEP_ALIVE_MS,
  });
  let ended = false;
  const onGone = () => {
    options.left?.().catch((error: unknown) => app.log.warn('a turn could not be stopped', { error }));
  };
  if (options.left) options.closed.addEventListener('abort', onGone, { once: true });
  app.metrics.openStreams.inc();
  const end = () => {
    if (ended) return;
    ended = true;
    clearInterval(recheck);
    app.metrics.openStreams.dec();
  };

  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await events.next();
        if (next.done) {
          options.closed.removeEventListener('abort', onGone);
          end();
          controller.close();
        } else {
          const text = next.value === null ? format.keepAlive : next.value.map(format.event).join('');
          controller.enqueue(encoder.encode(text));
        }
      },
      async cancel() {
        end();
        over.abort();
        await events.return(undefined);
      },
    },
    { highWaterMark: 16 },
  );
  return new Response(body, {
    headers: {
      'Content-Type': format.contentType,
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
