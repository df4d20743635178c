import type { By } from '#server/admin/audit/record-audit.ts';
import type { Principal } from '#server/auth/contract.ts';

/** Who does what this request asks for. */
export function byRequest({ user }: Pick<Principal, 'user'>, { requestId }: { requestId: string }): By {
  return { actorId: user.id, requestId };
}
