import type { Principal, Scope } from '#server/auth/contract.ts';
import { AppError } from '#server/platform/errors.ts';

/**
 * Throws `scope_missing` for a key that was not given the scope, and `suspended` where a suspended user would change something.
 */
export function assertMay({ scopes, user }: Principal, { scope, changes }: { scope: Scope; changes: boolean }): void {
  if (!scopes.includes(scope)) {
    throw new AppError('scope_missing', `This API key doesn’t have the scope “${scope}”.`);
  }
  if (user.suspended && changes) {
    throw new AppError(
      'suspended',
      'This account is suspended: you can read and sign out. Write to support to lift it.',
    );
  }
}
