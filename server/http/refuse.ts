import type { Response } from 'express';
import { errorFormatOf } from '#server/http/error-format.ts';
import { errorHeaders } from '#server/http/problem.ts';

/** Answers an Express request with an error in its address’s format; the way out for what never reaches a route. */
export function refuse(res: Response, error: unknown): void {
  const format = errorFormatOf(res.req.path);
  const { status, body } = format.write(error, String(res.locals['requestId'] ?? ''));
  res.status(status).set(errorHeaders(error, format)).send(JSON.stringify(body));
}
