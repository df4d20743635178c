import type { Response } from 'express';
import { problemDocument, problemHeaders } from '#server/http/problem.ts';

/** Answers an Express request with the problem document of an error; the way out for what never reaches a route. */
export function refuse(res: Response, error: unknown): void {
  const requestId = String(res.locals['requestId'] ?? '');
  const document = problemDocument(error, requestId);
  res.status(document.status).set(problemHeaders(error)).send(JSON.stringify(document));
}
