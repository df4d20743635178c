import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { App } from '#server/app.ts';
import { refuse } from '#server/http/refuse.ts';
import { AppError } from '#server/platform/errors.ts';

/** For whoever runs the server: is the process up, may it get traffic, and how does it do. */
export function probes(app: App, isDraining: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', (_req, res) => {
    void findWhyNotReady(app, isDraining()).then((reason) => {
      res.set('Cache-Control', 'no-store');
      if (reason === null) res.json({ status: 'ready' });
      else res.status(503).json({ status: reason });
    });
  });
  router.get('/metrics', (req, res, next) => {
    if (!mayMeasure(app.env.metricsToken, req.get('Authorization'))) {
      res.set('WWW-Authenticate', 'Bearer');
      return refuse(res, new AppError('unauthenticated', 'The metrics want METRICS_TOKEN as a bearer token.'));
    }
    collect(app)
      .then((text) => res.type(app.metrics.registry.contentType).send(text))
      .catch(next);
  });
  return router;
}

/** Compares hashes, so that the time it takes tells nothing. */
function mayMeasure(token: string | null, given = ''): boolean {
  if (token === null) return true;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(`Bearer ${token}`));
}

/** The database was migrated before this could answer. */
async function findWhyNotReady(app: App, draining: boolean): Promise<string | null> {
  if (draining) return 'draining';
  if (!app.runner.started) return 'starting';
  return app.db.query('SELECT 1').then(
    () => null,
    () => 'the database does not answer',
  );
}

async function collect({ db, metrics, queue }: App): Promise<string> {
  const [depths, turns, purges] = await Promise.all([
    queue.depths(),
    db.query<{ status: string; count: number }>(
      `SELECT status, count(*)::int AS count FROM turns WHERE status IN ('queued', 'running') GROUP BY 1`,
    ),
    db.query<{ state: string; count: number }>(
      `SELECT state, count(*)::int AS count FROM purges WHERE state <> 'done' GROUP BY 1`,
    ),
  ]);
  metrics.queueDepth.reset();
  for (const { queue: name, state, count } of depths) metrics.queueDepth.set({ queue: name, state }, count);
  for (const status of ['queued', 'running']) {
    metrics.turnsOpen.set({ status }, turns.rows.find((row) => row.status === status)?.count ?? 0);
  }
  for (const state of ['due', 'running', 'failed']) {
    metrics.purgesOpen.set({ state }, purges.rows.find((row) => row.state === state)?.count ?? 0);
  }
  return metrics.registry.metrics();
}
