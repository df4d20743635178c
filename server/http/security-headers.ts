import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Env } from '#server/platform/env.ts';

/**
 * Headers of every response. Scripts run by nonce only. Styles may stand inline: Radix, sonner and the virtual lists set
 * them, and a style can't act. Referrers stay inside, since a sign-in page has a token in its address (but are not
 * switched off: browsers would then send `Origin: null` with our own forms).
 */
export function securityHeaders(env: Env, { development }: { development: boolean }): RequestHandler {
  const nonce = (_req: unknown, res: unknown) => `'nonce-${String((res as Response).locals['cspNonce'])}'`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // Vite's hot reload evaluates code and opens a socket.
        scriptSrc: development ? ["'self'", "'unsafe-inline'", "'unsafe-eval'"] : ["'self'", nonce],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        connectSrc: ["'self'", ...connectOrigins(env), ...(development ? ['ws:'] : [])],
        formAction: [
          "'self'",
          ...(env.stripeSecretKey ? ['https://checkout.stripe.com', 'https://billing.stripe.com'] : []),
        ],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: env.production ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
  });
}

/** Where pages may connect beside this server: the configured storage and Sentry. */
function connectOrigins(env: Env): string[] {
  return [env.supabaseUrl, env.sentryDsn].flatMap((url) => (url === null ? [] : [new URL(url).origin]));
}
