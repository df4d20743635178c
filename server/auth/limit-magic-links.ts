import { createHash } from 'node:crypto';
import pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';

const QUARTER_HOUR = 15 * 60;
const HOUR = 3600;

/**
 * Counts a request for a sign-in mail: LIMIT_MAGIC_LINK_PER_ADDRESS in 15 minutes and LIMIT_MAGIC_LINK_PER_IP in an hour,
 * across all processes. Throws `too_many_requests` with the seconds to wait.
 */
export async function limitMagicLinks(
  app: Pick<App, 'db' | 'env'>,
  { email, ip }: { email: string; ip: string },
): Promise<void> {
  // The address's own count comes second: an exhausted IP must not use up what someone else's address has left.
  await consume(app, 'magic-link-ip', ip, app.env.limitMagicLinkPerIp, HOUR);
  await consume(app, 'magic-link-address', email, app.env.limitMagicLinkPerAddress, QUARTER_HOUR);
}

async function consume(app: Pick<App, 'db'>, name: string, subject: string, points: number, duration: number) {
  const limiter = new RateLimiterPostgres({
    storeClient: plainClient(app),
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points,
    duration,
  });
  try {
    // Hashed, so that a bucket's key is short and names nobody.
    await limiter.consume(createHash('sha256').update(subject).digest('base64url'));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const retryAfter = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new AppError(
      'too_many_requests',
      `Too many sign-in mails were asked for. Try again in ${inWords(retryAfter)}.`,
      {
        retryAfter,
      },
    );
  }
}

/** The limiter calculates with `expire` as a number; our pool reads int8 as bigint. */
function plainClient({ db }: Pick<App, 'db'>) {
  return { query: (query: pg.QueryConfig) => db.query({ ...query, types: pg.types }) };
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
