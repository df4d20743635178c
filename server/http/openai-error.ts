import { z } from 'zod';
import { toldOf, type ErrorFormat } from '#server/http/problem.ts';
import { statusOf, type ErrorCode } from '#server/platform/errors.ts';

const ZOpenAiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().describe('The code that the same failure has in a problem document.'),
    }),
    requestId: z.string(),
  })
  .meta({ id: 'OpenAiError' });

/** Errors as OpenAI's clients read them: below `/v1`. Codes are ours, save the one for a bad key. */
export const OPENAI_ERROR: ErrorFormat = {
  contentType: 'application/json',
  schema: ZOpenAiError,
  statusOf: openAiStatus,
  write(error, requestId) {
    const { code, message, options } = toldOf(error);
    const status = openAiStatus(code);
    return {
      status,
      body: {
        error: {
          message,
          type: typeOf(status),
          param: options.errors?.[0]?.path ?? null,
          code: code === 'unauthenticated' ? 'invalid_api_key' : code,
        },
        requestId,
      },
    };
  },
};

/** OpenAI knows no 422: what is wrong with a request is 400. */
function openAiStatus(code: ErrorCode): number {
  const status = statusOf(code);
  return status === 422 ? 400 : status;
}

function typeOf(status: number): string {
  if (status >= 500) return 'server_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 402) return 'insufficient_quota';
  return 'invalid_request_error';
}
