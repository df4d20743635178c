import type { Request } from 'express';

/** Whether a request brings an API key, which no browser sends by itself. The cookie then counts for nothing. */
export function bringsKey(req: Request): boolean {
  return /^Bearer\s/i.test(req.get('Authorization') ?? '') || req.get('X-Api-Key') !== undefined;
}
