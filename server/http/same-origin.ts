import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import type { Env } from '#server/platform/env.ts';
import { AppError } from '#server/platform/errors.ts';
import { bringsKey } from '#server/http/brings-key.ts';
import { refuse } from '#server/http/refuse.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Stripe signs what it sends, and an address of the built-in storage carries its own signature; nothing else may come from
 * elsewhere without a key.
 */
const EXEMPT = /^\/(api\/v1\/billing\/webhook|storage\/[^/]+)$/;

/**
 * Nobody else's page acts for a signed-in person. A request that changes something must show by Origin or Sec-Fetch-Site
 * that it comes from our own pages; with a cookie, showing neither is refused as well. A bearer key is no ambient
 * authority and passes. Outside production reads are checked by Host too: the mailbox with its sign-in links must not be
 * readable through a name that someone points at this machine (DNS rebinding).
 */
export function sameOrigin(env: Pick<Env, 'appUrl' | 'production'>): RequestHandler {
  return (req, res, next) => {
    if (isAllowed(env, req)) next();
    else
      refuse(
        res,
        new AppError('cross_site', 'This request came from another site, or doesn’t say where it came from.'),
      );
  };
}

function isAllowed(env: Pick<Env, 'appUrl' | 'production'>, req: Request): boolean {
  if (EXEMPT.test(req.path) || bringsKey(req)) return true;
  const host = hostOf(req);
  if (SAFE_METHODS.includes(req.method)) return env.production || isOwnHost(env.appUrl, host);
  if (!isOwnHost(env.appUrl, host)) return false;
  const origin = req.get('Origin');
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin !== undefined) return isOwnOrigin(env.appUrl, origin, host);
  return site !== undefined || req.get('Cookie') === undefined;
}

/** What the browser asked for; behind a trusted proxy, what it says that was. */
function hostOf(req: Request): string {
  const forwarded = req.app.get('trust proxy') ? req.get('X-Forwarded-Host')?.split(',')[0]?.trim() : undefined;
  return (forwarded ?? req.get('Host') ?? '').toLowerCase();
}

/** The configured host, this machine, or an address in numbers, which no one can point elsewhere. */
function isOwnHost(appUrl: string, host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return host === new URL(appUrl).host || hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function isOwnOrigin(appUrl: string, origin: string, host: string): boolean {
  if (origin === new URL(appUrl).origin) return true;
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host;
}
