const SECRET_KEY = /token|passw|secret|authorization|cookie|api[-_]?key|dsn|prompt|content|instruction|email/i;

/** Secrets that hide inside longer texts: credentials in a URL, a token in a query, a bearer header, provider keys. */
const SECRET_TEXT: [RegExp, string][] = [
  [/(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g, '$1:***@'],
  [/\b(token|code|key|signature)=[^\s&"']+/gi, '$1=***'],
  [/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer ***'],
  [/\b(sk|pk|rk|whsec|tvly|pan)[-_][\w-]{8,}/g, '$1-***'],
];

const MAX_TEXT = 2_000;
const MAX_DEPTH = 5;

/**
 * A copy that is safe to log. What a key's name says is secret or written by a person is dropped (numbers are kept: counts
 * of tokens are no tokens), errors become plain objects, long texts are cut.
 */
export function redact(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) return value;
  if (SECRET_KEY.test(key)) return '[redacted]';
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return `[${typeof value}]`;
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, '', depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, name, depth + 1)]));
}

function redactText(text: string): string {
  const clean = SECRET_TEXT.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean;
}

/** Name, code, message and stack; never what a driver or client hangs on its errors (parameters, request bodies). */
function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    ...('code' in error ? { code: redact(error.code, '', depth + 1) } : {}),
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: redactError(error.cause, depth + 1) } : {}),
  };
}
