import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';

/**
 * Gives each request its id and nonce, and writes one line and one measurement when it is over. The line has the path
 * without its query, which may hold a token. `routeOf` names the matched route, so that labels stay few.
 */
export function observeRequests(
  { log, metrics }: Pick<App, 'log' | 'metrics'>,
  routeOf: (path: string) => string | null,
): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now();
    const { path, method } = req;
    res.locals['requestId'] = newId();
    res.locals['cspNonce'] = randomBytes(16).toString('base64');
    res.set('X-Request-Id', String(res.locals['requestId']));
    res.once('close', () => {
      const ms = Math.round(performance.now() - begun);
      const route = path.startsWith('/assets/') ? '/assets/*' : (routeOf(path) ?? 'unmatched');
      const streamed = String(res.get('Content-Type')).match(/event-stream|ndjson/) !== null;
      if (!streamed)
        metrics.httpRequests.observe({ method: knownMethod(method), route, status: res.statusCode }, ms / 1000);
      log.log(route === '/assets/*' || isProbe(path) ? 'debug' : 'info', 'request', {
        requestId: res.locals['requestId'] as string,
        userId: res.locals['userId'] as string | undefined,
        method,
        path: withoutToken(path),
        status: res.statusCode,
        ms,
        ...(res.writableFinished ? {} : { aborted: true }),
      });
    });
    next();
  };
}

/** Whoever has the address of a share may read it. */
function withoutToken(path: string): string {
  return path.replace(/^\/share\/[^/]+/, '/share/***');
}

function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
}

function isProbe(path: string): boolean {
  return path === '/healthz' || path === '/readyz' || path === '/metrics';
}
