import { z } from 'zod';
import { isConnectionError, isOutOfRoom } from '#server/platform/db.ts';
import { isAppError, statusOf, titleOf, type AppError, type ErrorCode } from '#server/platform/errors.ts';

const ZProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; what a program should look at.'),
    detail: z.string().describe('For a person.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('One entry per field that is not valid; an empty path means the request as a whole.'),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof ZProblemDocument> & { [extra: string]: unknown };

/** How a family of addresses tells of errors. */
export type ErrorFormat = {
  contentType: string;
  schema: z.ZodType;
  statusOf: (code: ErrorCode) => number;
  write: (error: unknown, requestId: string) => { status: number; body: unknown };
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
export function toldOf(error: unknown): Told {
  return isAppError(error) ? error : isConnectionError(error) || isOutOfRoom(error) ? UNAVAILABLE : INTERNAL;
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

export function errorHeaders(error: unknown, { contentType }: ErrorFormat = PROBLEM): Record<string, string> {
  const { retryAfter, headers } = toldOf(error).options;
  return {
    'Content-Type': contentType,
    'Cache-Control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfter)) }),
    ...headers,
  };
}

export const PROBLEM: ErrorFormat = {
  contentType: 'application/problem+json',
  schema: ZProblemDocument,
  statusOf,
  write(error, requestId) {
    const body = problemDocument(error, requestId);
    return { status: body.status, body };
  },
};
