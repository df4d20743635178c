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

/** RFC 9457. An unexpected error becomes `internal` with no detail of its own. */
export function problemDocument(error: unknown, requestId: string): ProblemDocument {
  const known: Pick<AppError, 'code' | 'message' | 'options'> = isAppError(error)
    ? error
    : {
        code: 'internal',
        message: 'Something went wrong on our side. Try again; if it goes on, quote the request id.',
        options: {},
      };
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
  const retryAfter = isAppError(error) ? error.options.retryAfter : undefined;
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
