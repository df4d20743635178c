import type { RequestHandler } from 'express';
import type { App } from '#server/app.ts';
import { refuse } from '#server/http/refuse.ts';
import { AppError } from '#server/platform/errors.ts';

/**
 * Turns requests away before the process suffers: whoever is being served goes on being served. Stopping a turn takes
 * load off, and money must be booked, so these pass; probes and files come before this.
 */
export function shedLoad({ load, metrics }: Pick<App, 'load' | 'metrics'>): RequestHandler {
  return (req, res, next) => {
    const why = load.why();
    if (why === null || /\/(stop|skip|webhook)$/.test(req.path)) return next();
    metrics.requestsShed.inc({ why });
    refuse(
      res,
      new AppError('overloaded', 'The server is busy. Nothing is lost; try again in a moment.', { retryAfter: 5 }),
    );
  };
}
