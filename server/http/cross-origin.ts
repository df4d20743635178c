import type { Request, RequestHandler } from 'express';
import type { Env } from '#server/platform/env.ts';
import { bringsKey } from '#server/http/brings-key.ts';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const TOLD =
  'X-Request-Id, Location, Content-Location, ETag, Mcp-Session-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, ' +
  'RateLimit-Reset';

/**
 * Other sites’ pages may call the API with a key, never with our cookie: browsers leave it out, since credentials are never
 * allowed, and nothing is said to a request that brings no key. LangGraph’s API is for the sites in LANGGRAPH_ORIGINS.
 */
export function crossOrigin(env: Pick<Env, 'langgraphOrigins'>): RequestHandler {
  return (req, res, next) => {
    const origin = allowedOrigin(env, req);
    if (origin === undefined) return next();
    if (req.method === 'OPTIONS' && req.get('Access-Control-Request-Method') !== undefined) {
      const asked = (req.get('Access-Control-Request-Headers') ?? '').toLowerCase();
      if (origin !== null && /(^|[\s,])(authorization|x-api-key)([\s,]|$)/.test(asked)) {
        res.set({
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Methods': METHODS,
          'Access-Control-Allow-Headers': asked,
          'Access-Control-Max-Age': '7200',
        });
      }
      res.vary('Access-Control-Request-Headers').status(204).end();
      return;
    }
    if (origin !== '*') res.vary('Origin');
    if (origin !== null && (bringsKey(req) || /^\/langgraph\/(ok|info)$/.test(req.path))) {
      res.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': TOLD });
    }
    next();
  };
}

/** Whose pages may call: anyone's, this one's, or nobody's (null); undefined where there is no API. */
function allowedOrigin({ langgraphOrigins }: Pick<Env, 'langgraphOrigins'>, req: Request): string | null | undefined {
  if (/^\/((api\/v1|v1)\/|mcp$)/.test(req.path)) return '*';
  if (!req.path.startsWith('/langgraph/')) return undefined;
  if (langgraphOrigins.includes('*')) return '*';
  const origin = req.get('Origin');
  return origin !== undefined && langgraphOrigins.includes(origin) ? origin : null;
}
