/** Every expected failure has a stable code; the code decides the status and the title. */
const CODES = {
  invalid_query: [400, 'The query is not valid'],
  malformed_json: [400, 'The body is not valid JSON'],
  bad_signature: [400, 'The signature is not valid'],
  unauthenticated: [401, 'Sign in first'],
  insufficient_credits: [402, 'Not enough credits'],
  monthly_cap_reached: [402, 'Monthly cap reached'],
  cross_site: [403, 'Cross-site request refused'],
  forbidden: [403, 'Not allowed'],
  owner_required: [403, 'Only an owner can do this'],
  scope_missing: [403, 'The API key lacks a scope'],
  suspended: [403, 'This account is suspended'],
  model_not_allowed: [403, 'The plan does not include this model'],
  invite_required: [403, 'An invitation is needed'],
  not_found: [404, 'Not found'],
  model_not_found: [404, 'There is no such model'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'Conflict'],
  idempotency_conflict: [409, 'The idempotency key was used with another request'],
  restore_expired: [410, 'It can no longer be restored'],
  link_spent: [410, 'The sign-in link was used or has expired'],
  body_too_large: [413, 'The body is too large'],
  file_too_large: [413, 'The file is too large'],
  room_quota_exceeded: [413, 'The room has no space left'],
  unsupported_file_type: [415, 'This file type is not supported'],
  invalid_input: [422, 'The input is not valid'],
  no_valid_tags: [422, 'No agent was tagged'],
  no_active_agents: [422, 'The room has no active agent'],
  too_many_requests: [429, 'Too many requests'],
  too_many_turns: [429, 'Too many turns are waiting'],
  turn_failed: [502, 'The turn failed'],
  internal: [500, 'Something went wrong'],
  not_configured: [501, 'This is not configured'],
  unavailable: [503, 'Not available right now'],
  overloaded: [503, 'Too much to do right now'],
  maintenance: [503, 'Down for maintenance'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof CODES;
export const ERROR_CODES = Object.keys(CODES) as ErrorCode[];

export type FieldError = { path: string; message: string };

export type AppErrorOptions = {
  errors?: FieldError[];
  /** Seconds; becomes Retry-After. */
  retryAfter?: number;
  headers?: Record<string, string>;
  /** Further members of the problem document, e.g. what is missing. */
  extra?: Record<string, unknown>;
  cause?: unknown;
};

/**
 * A failure that a person can be told about. `message` is shown as it is: plain words, no id, no secret.
 * Thrown by verbs, mapped to a response in one place (`server/http/problem.ts`).
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly options: AppErrorOptions;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.options = options;
  }
}

/** By name, not by class: the page bundle and the server process each hold a copy of the class. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}

export function statusOf(code: ErrorCode): number {
  return CODES[code][0];
}

export function titleOf(code: ErrorCode): string {
  return CODES[code][1];
}

/** Absent and someone else's look the same: one code, one sentence, no id. */
export function notFound(): AppError {
  return new AppError('not_found', 'There is nothing here, or it belongs to someone else.');
}
