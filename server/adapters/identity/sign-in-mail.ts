import type { Mail } from '#server/adapters/mail/port.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The mail with a sign-in link. It names the site, says how long the link works, and what to do when it wasn't asked for. */
export function signInMail({ to, url, minutes }: { to: string; url: string; minutes: number }): Mail {
  const host = new URL(url).host;
  const validity = `The link works once, for ${minutes} minutes.`;
  const unasked = 'If you didn’t ask for it, ignore this mail: nothing happens without a click on the link.';
  return {
    to,
    url,
    subject: 'Your sign-in link for Pantheon',
    text: `Sign in to Pantheon (${host}) as ${to}:\n\n${url}\n\n${validity}\n${unasked}\n`,
    html: `<!doctype html>
<html lang="en">
  <body style="margin:0;padding:32px 16px;background:#f4f4f5;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;color:#18181b">
    <div style="max-width:440px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
      <h1 style="margin:0 0 16px;font-size:20px">Sign in to Pantheon</h1>
      <p style="margin:0 0 24px;font-size:15px;line-height:1.5">You asked to sign in at ${escapeHtml(host)} as <strong>${escapeHtml(to)}</strong>.</p>
      <p style="margin:0 0 24px"><a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#18181b;color:#ffffff;font-size:15px;text-decoration:none">Sign in</a></p>
      <p style="margin:0 0 8px;font-size:13px;line-height:1.5;color:#52525b">${validity} ${unasked}</p>
      <p style="margin:0;font-size:13px;line-height:1.5;color:#52525b;word-break:break-all">${escapeHtml(url)}</p>
    </div>
  </body>
</html>
`,
  };
}
