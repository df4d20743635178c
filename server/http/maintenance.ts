import type { RequestHandler } from 'express';
import type { App } from '#server/app.ts';
import { loadContextOf } from '#server/http/load-context-of.ts';
import { refuse } from '#server/http/refuse.ts';
import { AppError } from '#server/platform/errors.ts';

const LOOK_EVERY_MS = 2_000;
const RETRY_AFTER_SECONDS = 60;
const WORDS = 'Pantheon is down for maintenance and will be back soon. Nothing is lost.';

/** What an admin needs to get in, and what others tell us that must not be missed. */
const ALWAYS = /^\/(sign-in|sign-out|api\/v1\/auth|api\/v1\/billing\/webhook|dev)(\/|\.|$)/;

/**
 * While the platform setting `maintenance` is on, everybody but admins gets a page or a problem document that says so, with
 * 503 and Retry-After. Turns that run go on. Takes effect within 2 s in every process. A database that is away is not
 * maintenance: the routes say so themselves.
 */
export function maintenance(app: App): RequestHandler {
  let known: { on: boolean; until: number } = { on: false, until: 0 };

  async function isOn(): Promise<boolean> {
    if (Date.now() < known.until) return known.on;
    known = { ...known, until: Date.now() + LOOK_EVERY_MS };
    const { rows } = await app.db.query<{ on: boolean }>(
      `SELECT value = 'true'::jsonb AS on FROM platform_settings WHERE key = 'maintenance'`,
    );
    known = { on: rows[0]?.on ?? false, until: Date.now() + LOOK_EVERY_MS };
    return known.on;
  }

  return (req, res, next) => {
    if (ALWAYS.test(req.path)) return next();
    isOn()
      .then(async (on) => {
        if (!on) return next();
        const principal = await loadContextOf(app, req, res).authenticate();
        if (principal && principal.user.role !== 'user') return next();
        answer(req.path, res);
      })
      .catch(() => next());
  };
}

function answer(path: string, res: Parameters<RequestHandler>[1]): void {
  if (/^\/(api|v1|mcp)(\/|$)/.test(path)) {
    refuse(res, new AppError('maintenance', WORDS, { retryAfter: RETRY_AFTER_SECONDS }));
    return;
  }
  res
    .status(503)
    .set({
      'Retry-After': String(RETRY_AFTER_SECONDS),
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
    })
    .send(PAGE);
}

/** Stands alone: while it is shown nothing else may work. The colours are those of app.css. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Down for maintenance · Pantheon</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <style>
      :root { color-scheme: light dark }
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; box-sizing: border-box;
        font: 16px/1.55 Inter, system-ui, sans-serif; background: light-dark(#f5f4f0, #121311); color: light-dark(#1d1c19, #f0eee8) }
      main { max-width: 26rem; text-align: center }
      img { width: 40px; height: 40px }
      h1 { font-size: 1.35rem; margin: 20px 0 8px; letter-spacing: -0.01em }
      p { margin: 0; color: light-dark(#4e4a42, #c2beb4) }
      a { color: light-dark(#0e5d80, #6fbfdd) }
      p + p { margin-top: 20px; font-size: 14px }
    </style>
  </head>
  <body>
    <main>
      <img src="/favicon.svg" alt="">
      <h1>Down for maintenance</h1>
      <p>Pantheon will be back soon. Nothing is lost, and what is being answered goes on.</p>
      <p><a href="">Look again</a> · <a href="/sign-in">Sign in as an admin</a></p>
    </main>
  </body>
</html>
`;
