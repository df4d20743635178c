import type { App } from '#server/app.ts';
import { WARN_DAYS } from '#server/retention/contract.ts';

/** Mails a person that messages of theirs come of age. A mail server that isn't there leaves the notice on the pages. */
export async function sendRetentionNotice(
  { db, env, mail }: Pick<App, 'db' | 'env' | 'mail'>,
  { userId }: { userId: string },
): Promise<void> {
  if (mail.kind === 'none') return;
  const { rows } = await db.query<{ email: string }>('SELECT email FROM users WHERE id = $1 AND deleted_at IS NULL', [
    userId,
  ]);
  const to = rows[0]?.email;
  if (to === undefined) return;
  const what = `Messages and files older than ${env.retentionDays} days are deleted from Pantheon for good.`;
  const when = `Some of yours come of age: they go in ${WARN_DAYS} days, and later ones as they grow old.`;
  const how = 'Rooms and chats that hold some say so on their page. Choose “Keep” there, and nothing is deleted.';
  await mail.send({
    to,
    url: env.appUrl,
    subject: 'Old messages of yours are about to be deleted',
    text: `${what} ${when}\n\n${how}\n\n${env.appUrl}\n`,
    html: `<!doctype html><html lang="en"><body style="font-family:system-ui,sans-serif;color:#18181b">
<p>${what} ${when}</p><p>${how}</p><p><a href="${env.appUrl}">Open Pantheon</a></p></body></html>`,
  });
}
