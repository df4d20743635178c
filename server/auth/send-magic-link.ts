import type { App } from '#server/app.ts';

/** The page behind a mailed link. Made from the configured origin, never from a request's Host. */
export function verifyUrl({ env }: Pick<App, 'env'>): string {
  return new URL('/sign-in/verify', env.appUrl).href;
}

/**
 * Has the identity provider mail a link that was asked for. Does nothing for one that was mailed already or is too old
 * to be of use, so a job that runs twice or late does no harm. Throws when the mail can't be sent; the job tries again.
 */
export async function sendMagicLink(
  app: Pick<App, 'db' | 'env' | 'identity'>,
  { magicLinkId }: { magicLinkId: string },
): Promise<void> {
  const { rows } = await app.db.query<{ email: string }>(
    'SELECT email FROM magic_links WHERE id = $1 AND sent_at IS NULL AND used_at IS NULL AND expires_at > now()',
    [magicLinkId],
  );
  const link = rows[0];
  if (!link) return;
  await app.identity.sendLink({ magicLinkId, email: link.email, verifyUrl: verifyUrl(app) });
}
