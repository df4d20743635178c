import { PassThrough } from 'node:stream';
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type AppLoadContext,
  type EntryContext,
  type LoaderFunctionArgs,
} from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { NonceContext } from '#app/nonce.ts';

/** Parts of a page that are still loading after this long end in their error boundary. */
export const streamTimeout = 10_000;

/** Streams the page to people as it becomes ready; robots get it whole. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { cspNonce, app, requestId, closed }: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let shellSent = false;
    let code = status;
    const send = () => {
      shellSent = true;
      const body = new PassThrough();
      headers.set('Content-Type', 'text/html; charset=utf-8');
      if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store');
      resolve(new Response(createReadableStreamFromReadable(body), { status: code, headers }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={cspNonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={streamTimeout} nonce={cspNonce} />
      </NonceContext.Provider>,
      {
        nonce: cspNonce,
        // What is ready is sent in its place, however long: a `Suspense` is where a page wakes piece by piece, not where it waits.
        progressiveChunkSize: Infinity,
        [isbot(request.headers.get('User-Agent') ?? '') ? 'onAllReady' : 'onShellReady']: send,
        onShellError: reject,
        onError(error: unknown) {
          code = 500;
          // Errors in the shell reject the promise and are logged by whoever waits for it.
          if (shellSent && !closed.aborted) app.log.error('rendering failed', { requestId, error });
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000);
  });
}

/** What a loader, an action or the renderer threw and nobody expected. */
export function handleError(error: unknown, { context }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (context.closed.aborted || isRouteErrorResponse(error)) return;
  context.app.log.error('a page failed', { requestId: context.requestId, error });
}
