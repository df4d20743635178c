import type { App } from '#server/app.ts';
import { limitMagicLinks } from '#server/auth/limit-magic-links.ts';
import { sameSitePath } from '#server/auth/same-site-path.ts';
import { transaction } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

/** A sign-in link works for this long after it was mailed, and is mailed within this long or not at all. */
const LINK_MINUTES = 15;

/**
 * Asks for a sign-in mail. It never looks whether the address is known, invited or suspended, so answer and timing can't
 * tell; whoever may not sign in learns it at the link. `email` is lower case. A `redirectTo` that leads off this site is
 * dropped. Throws `too_many_requests`.
 */
export async function requestMagicLink(
  app: Pick<App, 'db' | 'env' | 'identity' | 'mail' | 'queue'>,
  { email, redirectTo, ip }: { email: string; redirectTo: string | null; ip: string },
): Promise<void> {
  if (app.identity.kind === 'builtin' && app.mail.kind === 'none') {
    throw new AppError('not_configured', 'Signing in needs a mail server, and none is configured.');
  }
  await limitMagicLinks(app, { email, ip });
  const magicLinkId = newId();
  // The row and its job exist together or not at all: an accepted request is mailed, whatever happens to this process.
  await transaction(app.db, async (tx) => {
    await tx.query(
      `INSERT INTO magic_links (id, email, redirect_to, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(mins => $4))`,
      [magicLinkId, email, sameSitePath(redirectTo), LINK_MINUTES],
    );
    await app.queue.send('send-magic-link', { magicLinkId }, { tx });
  });
}
