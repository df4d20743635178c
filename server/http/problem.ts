import { isConnectionError } from '#server/platform/db.ts';
import { isAppError, statusOf, titleOf, type AppError } from '#server/platform/errors.ts';

export type ProblemDocument = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; message: string }[];
  requestId: string;
  [extra: string]: unknown;
};

type Told = Pick<AppError, 'code' | 'message' | 'options'>;

const INTERNAL: Told = {
  code: 'internal',
  message: 'Something went wrong on our side. Try again; if it goes on, quote the request id.',
  options: {},
};
const UNAVAILABLE: Told = {
  code: 'unavailable',
  message: 'The database doesn’t answer right now. Nothing is lost; try again in a moment.',
  options: { retryAfter: 2 },
};

/** What a person is told: an unexpected error has no detail of its own, and a database that is away comes back. */
function toldOf(error: unknown): Told {
  return isAppError(error) ? error : isConnectionError(error) ? UNAVAILABLE : INTERNAL;
}

/** RFC 9457. */
export function problemDocument(error: unknown, requestId: string): ProblemDocument {
  const known = toldOf(error);
  return {
    type: `/docs/problems#${known.code}`,
    title: titleOf(known.code),
    status: statusOf(known.code),
    code: known.code,
    detail: known.message,
    ...(known.options.errors ? { errors: known.options.errors } : {}),
    ...(known.options.extra ?? {}),
    requestId,
  };
}

export function problemHeaders(error: unknown): Record<string, string> {
  const { retryAfter } = toldOf(error).options;
  return {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfter)) }),
  };
}

export function problemResponse(error: unknown, requestId: string): Response {
  const document = problemDocument(error, requestId);
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: problemHeaders(error),
  });
}
