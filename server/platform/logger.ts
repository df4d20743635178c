import winston, { type Logger } from 'winston';
import type { Env } from '#server/platform/env.ts';
import { redact } from '#server/platform/redact.ts';

/**
 * JSON, one object a line; readable instead where a person develops at a terminal. Log ids, never content:
 * `log.info('turn settled', { turnId })`. Whatever slips in is redacted by its key's name.
 */
export function createLogger(
  env: Pick<Env, 'logLevel' | 'production'>,
  stream: NodeJS.WritableStream & { isTTY?: boolean } = process.stdout,
): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  const forPerson = stream.isTTY === true && !env.production;
  return winston.createLogger({
    level: env.logLevel,
    format: combine(safe(), timestamp(), forPerson ? printf(readable) : json()),
    transports: [new winston.transports.Stream({ stream })],
    exitOnError: false,
  });
}

const safe = winston.format((info) => {
  for (const [key, value] of Object.entries(info)) {
    if (key !== 'level') info[key] = redact(value, key);
  }
  return info;
});

function readable({ level, message, timestamp, ...rest }: winston.Logform.TransformableInfo): string {
  const { error, ...fields } = rest as Record<string, unknown> & { error?: { stack?: string } };
  const pairs = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const line = [String(timestamp).slice(11, 19), level.padEnd(5), String(message), ...pairs].join(' ');
  return error?.stack ? `${line}\n${error.stack}` : line;
}
