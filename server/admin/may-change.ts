import type { Principal } from '#server/auth/contract.ts';

/** Whether an admin page shows its controls; the API judges by itself. */
export function mayChange({ user }: Pick<Principal, 'user'>): boolean {
  return user.role === 'owner' && !user.suspended;
}
