import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Principal } from '#server/auth/contract.ts';
import type { Env } from '#server/platform/env.ts';
import { AppError } from '#server/platform/errors.ts';

const WINDOW_SECONDS = 60;

/** What is left of a minute's requests, as headers; throws `too_many_requests` when nothing is. */
export type RequestLimiter = (principal: Principal) => Promise<Record<string, string>>;

/**
 * Programs are counted, all keys of a user together; people at a page are not. Counted in memory, per process: a guard
 * against a loop gone wild, not a ration, so it costs no statement.
 */
export function createRequestLimiter({ limitApiRequests }: Pick<Env, 'limitApiRequests'>): RequestLimiter {
  const limiter = new RateLimiterMemory({ points: limitApiRequests, duration: WINDOW_SECONDS });
  return async ({ via, user }) => {
    if (via !== 'key') return {};
    try {
      return allowance(limitApiRequests, await limiter.consume(user.id));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError(
        'too_many_requests',
        `More than ${limitApiRequests} requests came within a minute. Slow down.`,
        {
          retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
          headers: allowance(limitApiRequests, refusal),
        },
      );
    }
  };
}

function allowance(limit: number, { remainingPoints, msBeforeNext }: RateLimiterRes): Record<string, string> {
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remainingPoints),
    'RateLimit-Reset': String(Math.ceil(msBeforeNext / 1000)),
  };
}
