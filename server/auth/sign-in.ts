import { recordAudit } from '#server/admin/audit/record-audit.ts';
import type { App } from '#server/app.ts';
import { admitUser } from '#server/auth/admit-user.ts';
import { authenticateSession, SESSION_DAYS } from '#server/auth/authenticate.ts';
import type { User } from '#server/auth/contract.ts';
import { readSessionToken } from '#server/auth/session-cookie.ts';
import { hashToken, newToken } from '#server/auth/token.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

export type SignIn = {
  user: User;
  /** For the cookie; the database holds only its hash. */
  sessionToken: string;
  /** Where the person was going, a path on this site, or null. */
  redirectTo: string | null;
};

/**
 * Spends the token of a mailed link and starts a session. A session that the browser already had ends here, so a session
 * that was planted before the sign-in is worth nothing after it. Throws `link_spent` for a token that is unknown, spent or
 * expired, `invite_required` where that applies.
 */
export async function signIn(
  app: Pick<App, 'db' | 'env' | 'identity' | 'prisma'>,
  { token, request, requestId }: { token: string; request: Request; requestId: string | null },
): Promise<SignIn> {
  const redeemed = await app.identity.redeemToken(token);
  if (!redeemed) {
    throw new AppError('link_spent', 'This sign-in link was used already or has expired. Ask for a new one.');
  }
  const sessionToken = newToken();
  const former = await readSessionToken(request);
  await app.prisma.$transaction(async (tx) => {
    const { userId } = await admitUser(tx, app, { ...redeemed, requestId });
    if (former !== null) await tx.session.deleteMany({ where: { tokenHash: hashToken(former) } });
    const userAgent = request.headers.get('User-Agent')?.slice(0, 500) ?? null;
    await tx.$executeRaw`
      INSERT INTO sessions (id, token_hash, user_id, user_agent, expires_at)
      VALUES (${newId()}::uuid, ${hashToken(sessionToken)}, ${userId}::uuid, ${userAgent},
              now() + make_interval(days => ${SESSION_DAYS}::int))`;
    const target = { type: 'user', id: userId };
    await recordAudit(tx, { actorId: userId, requestId, action: 'user.sign_in', target });
  });
  const principal = await authenticateSession(app, sessionToken);
  if (!principal) throw new AppError('link_spent', 'This account was just deleted.');
  return { user: principal.user, sessionToken, redirectTo: redeemed.redirectTo };
}
