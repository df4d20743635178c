import { captureException, init, type ErrorEvent } from '@sentry/remix';
import { pageOf, scrubText } from '#app/scrub.ts';

/** Starts the SDK, bare: no breadcrumbs, no tracing, no listeners of its own. Returns what tells it of an error. */
export function startSentry({
  dsn,
  requestId,
}: {
  dsn: string;
  requestId: string | undefined;
}): (error: unknown) => void {
  init({
    dsn,
    environment: import.meta.env.MODE,
    defaultIntegrations: false,
    sendClientReports: false,
    maxBreadcrumbs: 0,
    beforeSend: scrub,
    initialScope: { tags: { role: 'browser', ...(requestId === undefined ? {} : { requestId }) } },
  });
  return (error) => {
    const failed = requestOf(error);
    captureException(error instanceof Error ? error : new Error('Something that is no error was thrown.'), {
      tags: { page: pageOf(location.pathname), ...(failed === null ? {} : { apiRequestId: failed }) },
    });
  };
}

/** The id of the API request that was refused, of an ApiProblem. */
function requestOf(error: unknown): string | null {
  const { document } = (typeof error === 'object' && error !== null ? error : {}) as {
    document?: { requestId?: unknown };
  };
  return typeof document?.requestId === 'string' ? document.requestId : null;
}

/** What is sent: the error’s type, its message without what somebody may have written, where in our code, and ids. */
function scrub({ type, event_id, timestamp, platform, level, environment, exception, tags }: ErrorEvent): ErrorEvent {
  return {
    type,
    event_id: event_id ?? '',
    timestamp: timestamp ?? 0,
    platform: platform ?? 'javascript',
    level: level ?? 'error',
    environment: environment ?? '',
    ...(tags === undefined ? {} : { tags }),
    exception: {
      values: (exception?.values ?? []).map(({ type: name, value, stacktrace }) => ({
        type: name ?? 'Error',
        value: scrubText(value ?? ''),
        stacktrace: {
          frames: (stacktrace?.frames ?? []).map((frame) => ({
            filename: pageOf(frame.filename ?? ''),
            function: frame.function ?? '?',
            lineno: frame.lineno ?? 0,
            colno: frame.colno ?? 0,
            in_app: true,
          })),
        },
      })),
    },
  };
}
