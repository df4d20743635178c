import type { IncomingHttpHeaders } from 'node:http';
import type { ModelFailureCode, ModelOutcome, ModelRequest } from './port.ts';
import { ProviderRefusal } from './post-json.ts';

type Failure = NonNullable<ModelOutcome['failure']>;

/** How far a call had come when it failed. */
export type Progress = { reached: boolean; answered: boolean; streamed: boolean };

const TIMEOUTS: Partial<Record<ModelFailureCode, string>> = {
  aborted: 'The call was stopped.',
  connect_timeout: 'The model provider could not be reached in time.',
  first_token_timeout: 'The model didn’t start to answer in time.',
  idle_timeout: 'The model stopped in the middle of its answer.',
  total_timeout: 'The model took too long to answer.',
};

/** The caller's stop or one of our own clocks. */
export function stoppedFailure(code: ModelFailureCode, progress: Progress): Failure {
  const retryable = code !== 'aborted' && code !== 'total_timeout' && !progress.streamed;
  return failure(code, TIMEOUTS[code] ?? 'The call was ended.', { retryable });
}

/**
 * Turns whatever a call threw into an outcome. The provider's own words are read for hints but never
 * passed on: they may quote the prompt or the key.
 */
export function classifyFailure(error: unknown, request: ModelRequest, progress: Progress): Failure {
  if (error instanceof ProviderRefusal) return httpFailure(error, request);
  if (progress.answered) return brokenStream(progress);
  return failure(
    'network',
    progress.reached ? 'The connection to the model provider was lost.' : 'The model provider could not be reached.',
    { retryable: true },
  );
}

/** The stream ended early, carried an error, or wasn't one. */
export function brokenStream(progress: Progress): Failure {
  const message = progress.streamed
    ? 'The model provider broke off in the middle of the answer.'
    : 'The model provider broke off before it answered.';
  return failure('stream_error', message, { retryable: !progress.streamed });
}

function httpFailure({ status, message: hint, headers, reasons }: ProviderRefusal, request: ModelRequest): Failure {
  const retryAfterMs = readRetryAfter(headers);
  const as = (code: ModelFailureCode, message: string, retryable = false) =>
    failure(code, message, { httpStatus: status, retryable, retryAfterMs });
  if (request.structured && [400, 404, 422, 501].includes(status) && rejectsFormat(hint, request.structured.via)) {
    return as('unsupported_format', 'This model can’t give its answer in the form that was asked for.');
  }
  switch (true) {
    case status === 401 || (status === 403 && !reasons):
      return as('auth', 'The model provider doesn’t accept our key.');
    case status === 402:
      return as('auth', 'Our account with the model provider is out of funds.');
    case status === 403:
      return as('refused_request', 'The model provider’s moderation refused this request.');
    case status === 404:
      return as('refused_request', 'The model provider doesn’t offer this model.');
    case status === 408 || status === 503 || status === 502 || status === 504 || status === 529:
      return as('overloaded', 'The model provider is overloaded right now.', true);
    case status === 429:
      return as('rate_limited', 'The model provider asks us to slow down.', true);
    case status >= 500 || status === 409 || status === 425:
      return as('provider_error', 'The model provider had an internal error.', true);
    case /context.?(length|window)|maximum context|too many tokens|too long/i.test(hint):
      return as('refused_request', 'The conversation is too long for this model.');
    default:
      return as('refused_request', 'The model provider refused the request.');
  }
}

function rejectsFormat(hint: string, via: 'json_schema' | 'tool'): boolean {
  return via === 'json_schema'
    ? /response.?format|json.?schema|structured.?output|support the requested parameters/i.test(hint)
    : /tool.?(choice|use|call)|function.?call|\btools\b|support the requested parameters/i.test(hint);
}

/** Seconds, a date, or OpenAI's `retry-after-ms`. */
function readRetryAfter(headers: IncomingHttpHeaders): number | null {
  const milliseconds = Number.parseFloat(String(headers['retry-after-ms'] ?? ''));
  if (milliseconds >= 0) return Math.ceil(milliseconds);
  const value = headers['retry-after'];
  if (!value) return null;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? null : Math.max(0, Math.ceil(wait));
}

function failure(
  code: ModelFailureCode,
  message: string,
  given: { httpStatus?: number; retryable: boolean; retryAfterMs?: number | null },
): Failure {
  return {
    code,
    message,
    httpStatus: given.httpStatus ?? null,
    retryable: given.retryable,
    retryAfterMs: given.retryAfterMs ?? null,
  };
}
