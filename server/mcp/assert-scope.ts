import type { Principal, Scope } from '#server/auth/contract.ts';
import { AppError } from '#server/platform/errors.ts';

export function isAllowed({ scopes, user }: Principal, scope: Scope): boolean {
  return scopes.includes(scope) && (scope === 'read' || !user.suspended);
}

/** Every message comes by POST, so what it may do is judged by the tool that it calls. */
export function assertScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.includes(scope)) {
    throw new AppError('scope_missing', `This API key doesn’t have the scope “${scope}”.`);
  }
  if (!isAllowed(principal, scope)) throw new AppError('suspended', 'This account is suspended: it can read only.');
}
