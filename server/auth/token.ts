import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits. Sessions, sign-in links and API keys are nothing but this; the database holds their SHA-256. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** No salt and no stretching: the token is random, so there is nothing to guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
