import { OPENAI_ERROR } from '#server/http/openai-error.ts';
import { errorHeaders, PROBLEM, type ErrorFormat } from '#server/http/problem.ts';

/** Problem documents, and OpenAI's shape where we speak OpenAI's protocol. */
export function errorFormatOf(path: string): ErrorFormat {
  return /^\/v1(\/|$)/.test(path) ? OPENAI_ERROR : PROBLEM;
}

/** An error as the answer to a request for `path`. */
export function errorResponse(error: unknown, { path, requestId }: { path: string; requestId: string }): Response {
  const format = errorFormatOf(path);
  const { status, body } = format.write(error, requestId);
  return new Response(JSON.stringify(body), { status, headers: errorHeaders(error, format) });
}
