import { z } from 'zod';
import { AppError } from '#server/platform/errors.ts';

/** For the OpenAPI document. */
export const ZIdempotencyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().describe('The client’s name for this request.'),
});

/** The header `Idempotency-Key`, or null. Throws invalid_input for one that is empty or longer than 255 characters. */
export function readIdempotencyKey(request: Request): string | null {
  const key = request.headers.get('Idempotency-Key');
  if (key === null) return null;
  if (key.trim() !== '' && key.length <= 255) return key;
  const message = 'An Idempotency-Key has 1 to 255 characters.';
  throw new AppError('invalid_input', message, { errors: [{ path: 'Idempotency-Key', message }] });
}
