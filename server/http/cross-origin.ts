import type { RequestHandler } from 'express';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const TOLD =
  'X-Request-Id, Location, ETag, Mcp-Session-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset';

/**
 * Other sites’ pages may call the API with a bearer key, never with our cookie: `*` makes browsers leave cookies out, and
 * nothing is said to a request that brings no key.
 */
export const crossOrigin: RequestHandler = (req, res, next) => {
  if (!/^\/((api\/v1|v1)\/|mcp$)/.test(req.path)) return next();
  const asked = (req.get('Access-Control-Request-Headers') ?? '').toLowerCase();
  if (req.method === 'OPTIONS' && req.get('Access-Control-Request-Method') !== undefined) {
    if (/(^|[\s,])authorization([\s,]|$)/.test(asked)) {
      res.set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': asked,
        'Access-Control-Max-Age': '7200',
      });
    }
    res.vary('Access-Control-Request-Headers').status(204).end();
    return;
  }
  if (/^Bearer\s/i.test(req.get('Authorization') ?? '')) {
    res.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': TOLD });
  }
  next();
};
