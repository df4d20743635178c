import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { findPageUser } from '#server/auth/require-user.ts';
import { clearedSessionCookie } from '#server/auth/session-cookie.ts';
import { signOut } from '#server/auth/sign-out.ts';

/** An address that a link or a prefetch opens must not sign anyone out. */
export function loader() {
  return redirect('/');
}

export async function action({ context }: ActionFunctionArgs) {
  const principal = await findPageUser(context);
  if (principal) await signOut(context.app, principal);
  return redirect('/sign-in', { headers: { 'Set-Cookie': await clearedSessionCookie(context.app) } });
}
