import { Writable } from 'node:stream';
import type { ErrorEvent } from '@sentry/remix';
import winston, { type Logger } from 'winston';
import type { Env } from '#server/platform/env.ts';

export type Sentry = {
  /** Waits until what was reported has gone out. */
  close(): Promise<void>;
};

/**
 * Sends what is logged as an error to Sentry: one seam, already redacted. Events carry the error and ids as tags, nothing
 * of the request. Without SENTRY_DSN nothing of the SDK is loaded. Tracing is off: it would record URLs and SQL.
 */
export async function startSentry(env: Pick<Env, 'sentryDsn' | 'nodeEnv' | 'role'>, log: Logger): Promise<Sentry> {
  if (env.sentryDsn === null) return { close: async () => undefined };
  const sentry = await import('@sentry/remix');
  sentry.init({
    dsn: env.sentryDsn,
    environment: env.nodeEnv,
    // The rest sends local variables, console output and requests, and ends the process by itself on a stray exception.
    integrations: (all) => all.filter(({ name }) => KEPT.includes(name)),
    skipOpenTelemetrySetup: true,
    maxBreadcrumbs: 0,
    beforeSend: scrub,
    initialScope: { tags: { role: env.role } },
  });
  const reporter = new Writable({
    objectMode: true,
    write(info: Record<string, unknown>, _encoding, next) {
      const { error, message } = info;
      sentry.captureException(isLogged(error) ? restore(error) : new Error(String(message)), {
        tags: { logMessage: String(message), ...idsOf(info) },
      });
      next();
    },
  });
  log.add(new winston.transports.Stream({ stream: reporter, level: 'error' }));
  return {
    async close() {
      await sentry.close(2_000);
    },
  };
}

const KEPT = ['InboundFilters', 'FunctionToString', 'LinkedErrors'];

type LoggedError = { name: string; message: string; stack: string };

function isLogged(error: unknown): error is LoggedError {
  return typeof error === 'object' && error !== null && 'stack' in error && 'message' in error;
}

function restore({ name, message, stack }: LoggedError): Error {
  return Object.assign(new Error(message), { name, stack });
}

/** Fields of a log line that name something: `turnId`, `requestId`, `queue`. */
function idsOf(info: Record<string, unknown>): Record<string, string> {
  const ids = Object.entries(info).filter(
    ([key, value]) => (key.endsWith('Id') || key === 'queue') && typeof value === 'string',
  );
  return Object.fromEntries(ids) as Record<string, string>;
}

function scrub(event: ErrorEvent): ErrorEvent {
  const {
    request: _request,
    user: _user,
    breadcrumbs: _breadcrumbs,
    extra: _extra,
    server_name: _host,
    ...kept
  } = event;
  return kept;
}
