/** What the API tells of a failure (RFC 9457). Look at `code`; `detail` is for a person. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; message: string }[];
  requestId: string;
  [more: string]: unknown;
};

/** Everything that this package throws by itself. */
export class PantheonError extends Error {
  override readonly name: string = 'PantheonError';
}

/** The server could not be reached, or went away and did not come back. */
export class ConnectionError extends PantheonError {
  override readonly name = 'ConnectionError';
}

/** The server refused. The subclasses are for the refusals that a program treats differently. */
export class ApiError extends PantheonError {
  override readonly name: string = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** By the path of the field. */
  readonly fields: Record<string, string>;
  readonly problem: Problem;
  /** Seconds to wait, where the server says so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.fields = Object.fromEntries((problem.errors ?? []).map(({ path, message }) => [path, message]));
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** 401: the key is unknown, revoked or has expired. */
export class AuthenticationError extends ApiError {
  override readonly name = 'AuthenticationError';
}
/** 402: not enough credits, or the monthly cap is reached. */
export class CreditsError extends ApiError {
  override readonly name = 'CreditsError';
}
/** 403: a scope is missing, the account is suspended, or the plan doesn’t include the model. */
export class PermissionError extends ApiError {
  override readonly name = 'PermissionError';
}
/** 404: absent, or someone else’s; they look the same. */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
}
/** 409. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
}
/** 400 and 422: see `fields`. */
export class InvalidInputError extends ApiError {
  override readonly name = 'InvalidInputError';
}
/** 429: see `retryAfter`. */
export class RateLimitError extends ApiError {
  override readonly name = 'RateLimitError';
}
/** 5xx. */
export class ServerError extends ApiError {
  override readonly name = 'ServerError';
}

const BY_STATUS: Record<number, typeof ApiError> = {
  400: InvalidInputError,
  401: AuthenticationError,
  402: CreditsError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: InvalidInputError,
  429: RateLimitError,
};

/** The error of a response that is none of the 2xx. Reads its body. */
export async function errorOf(response: Response): Promise<ApiError> {
  const said: unknown = await response.json().catch(() => null);
  const problem = isProblem(said) ? said : unexplained(response);
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const Kind = BY_STATUS[response.status] ?? (response.status >= 500 ? ServerError : ApiError);
  return new Kind(problem, Number.isFinite(wait) ? wait : null);
}

function isProblem(said: unknown): said is Problem {
  return typeof said === 'object' && said !== null && 'code' in said && 'detail' in said;
}

/** What a proxy between says, instead of the API. */
function unexplained({ status, statusText, headers }: Response): Problem {
  const detail = `The server answered ${status}${statusText === '' ? '' : ` ${statusText}`}.`;
  const requestId = headers.get('X-Request-Id') ?? '';
  return { type: 'about:blank', title: statusText, status, code: `http_${status}`, detail, requestId };
}
