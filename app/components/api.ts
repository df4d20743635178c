/** A refusal of the JSON API: an RFC 9457 problem document as an Error whose message can be shown to a person. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, string>;
  readonly document: Record<string, unknown>;

  constructor(status: number, document: Record<string, unknown>) {
    super(typeof document['detail'] === 'string' ? document['detail'] : 'Something went wrong. Try again.');
    this.status = status;
    this.code = typeof document['code'] === 'string' ? document['code'] : 'unknown';
    this.fields = fieldErrors(document['errors']);
    this.document = document;
  }
}

const OFFLINE = { code: 'offline', detail: 'The server can’t be reached. Check your connection and try again.' };

type Call = { body?: unknown; headers?: Record<string, string> };

/** Calls `/api/v1${path}` as the signed-in person. Throws ApiProblem, also when the server can’t be reached (status 0). */
export async function callApi<T = unknown>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, headers = {} }: Call = {},
): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiProblem(0, OFFLINE);
  });
  const text = await response.text().catch(() => '');
  const json = parse(text);
  if (!response.ok) throw new ApiProblem(response.status, isRecord(json) ? json : {});
  return json as T;
}

/** What to tell a person about any failure. */
export function problemMessage(error: unknown): string {
  return error instanceof ApiProblem ? error.message : 'Something went wrong. Try again.';
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function fieldErrors(errors: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const error of Array.isArray(errors) ? errors : []) {
    if (!isRecord(error)) continue;
    const { path, message } = error;
    if (typeof path === 'string' && typeof message === 'string') found[path] ??= message;
  }
  return found;
}
