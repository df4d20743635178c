import type { Pool } from 'pg';
import { createHash, randomBytes } from 'node:crypto';
import type { IdentityPort } from '#server/adapters/identity/port.ts';
import { signInMail } from '#server/adapters/identity/sign-in-mail.ts';
import type { MailPort } from '#server/adapters/mail/port.ts';

/** From the moment that the link is mailed. */
const VALID_MINUTES = 15;

/** Sign-in links of our own: 256 random bits that exist in the mail only, their SHA-256 in `magic_links`. */
export function createBuiltinIdentity({ db, mail }: { db: Pool; mail: MailPort }): IdentityPort {
  return {
    kind: 'builtin',

    async sendLink({ magicLinkId, email, verifyUrl }) {
      const token = randomBytes(32).toString('base64url');
      // Before the mail, since a link that arrives must work. A retry after a failed mail makes a new token.
      await db.query(
        `UPDATE magic_links SET token_hash = $2, expires_at = now() + make_interval(mins => $3)
         WHERE id = $1 AND used_at IS NULL`,
        [magicLinkId, sha256(token), VALID_MINUTES],
      );
      const url = new URL(verifyUrl);
      url.searchParams.set('token', token);
      await mail.send(signInMail({ to: email, url: url.href, minutes: VALID_MINUTES }));
      await db.query('UPDATE magic_links SET sent_at = now() WHERE id = $1', [magicLinkId]);
    },

    async redeemToken(token) {
      // The condition and the mark are one statement: of two that come at once, one finds it spent.
      const { rows } = await db.query<{ email: string; redirect_to: string | null }>(
        `UPDATE magic_links SET used_at = now()
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()
         RETURNING email, redirect_to`,
        [sha256(token)],
      );
      const link = rows[0];
      return link ? { email: link.email, redirectTo: link.redirect_to } : null;
    },
  };
}

function sha256(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
