import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Env } from '#server/platform/env.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

type Keys = Pick<Env, 'secretsKey' | 'sessionSecret'>;

/** AES-256-GCM: `iv · tag · text`. `place` is where it is kept, so that what is sealed for one place can't be opened in another. */
export function seal(env: Keys, text: string, place: string): Buffer<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(env), iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** The text, or null where the key is another by now, or the bytes are. */
export function unseal(env: Keys, sealed: Uint8Array, place: string): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(env), sealed.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return null;
  }
}

function keyOf({ secretsKey, sessionSecret }: Keys): Buffer {
  const secret = secretsKey ?? sessionSecret;
  if (secret === null) throw new Error('There is no secret to make a key of.');
  return Buffer.from(hkdfSync('sha256', secret, '', 'pantheon: secrets at rest', 32));
}
