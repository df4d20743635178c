import type { IncomingHttpHeaders } from 'node:http';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import type { App } from '#server/app.ts';
import { authenticate } from '#server/auth/authenticate.ts';
import type { Principal } from '#server/auth/contract.ts';
import type { LoadContext } from '#server/http/load-context.ts';

/** What the loaders and actions of this request are given. */
export function loadContextOf(app: App, req: ExpressRequest, res: ExpressResponse): LoadContext {
  const closed = new AbortController();
  // A signal that aborts costs its reason's stack: after a whole answer nobody listens.
  res.once('close', () => res.writableFinished || closed.abort());
  let principal: Promise<Principal | null> | undefined;
  return {
    app,
    requestId: String(res.locals['requestId']),
    ip: req.ip ?? '',
    cspNonce: String(res.locals['cspNonce']),
    closed: closed.signal,
    authenticate() {
      principal ??= authenticate(app, new Request(app.env.appUrl, { headers: headersOf(req.headers) })).then(
        (found) => {
          res.locals['userId'] = found?.user.id;
          return found;
        },
      );
      return principal;
    },
  };
}

function headersOf(given: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}
