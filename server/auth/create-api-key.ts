import type { App } from '#server/app.ts';
import type { ApiKey, CreateApiKey, Principal } from '#server/auth/contract.ts';
import { presentApiKey } from '#server/auth/present-api-key.ts';
import { hashToken, newToken } from '#server/auth/token.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

const PREFIX_LENGTH = 12;

/**
 * Makes an API key. `key` is returned this once and kept as a hash; `prefix` is how a person recognises it later.
 * A key can't make one that may do more than itself: `scope_missing`.
 */
export async function createApiKey(
  { prisma }: Pick<App, 'prisma'>,
  { principal, input }: { principal: Principal; input: CreateApiKey },
): Promise<{ apiKey: ApiKey; key: string }> {
  const beyond = input.scopes.find((scope) => !principal.scopes.includes(scope));
  if (beyond)
    throw new AppError('scope_missing', `This API key doesn’t have the scope “${beyond}”, so it can’t give it.`);
  const key = `pan_${newToken()}`;
  const row = await prisma.apiKey.create({
    data: {
      id: newId(),
      userId: principal.user.id,
      name: input.name,
      prefix: key.slice(0, PREFIX_LENGTH),
      keyHash: hashToken(key),
      scopes: input.scopes,
      expiresAt: input.expiresAt ? new Date(input.expiresAt) : null,
    },
  });
  return { apiKey: presentApiKey(row), key };
}
