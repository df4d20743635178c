import type { App } from '#server/app.ts';
import type { Database } from '#server/platform/open-database.ts';

/** What the person who started the server wants to know now; programs read the log line. */
export function welcome({ env, log, llm, mail, identity }: App, database: Database): void {
  if (mail.kind === 'none' && identity.kind === 'builtin') {
    log.error('nobody can sign in: no mail is configured. Set SMTP_URL, or SUPABASE_URL and SUPABASE_ANON_KEY');
  }
  log.info('ready', { role: env.role, port: env.port, database: database.kind, models: llm.provider });
  if (!process.stdout.isTTY && env.production) return;
  const lines = [
    `Pantheon is ready: ${env.appUrl}`,
    ...(env.role === 'worker' ? ['This process runs turns and jobs and serves no pages.'] : []),
    ...(mail.kind === 'dev' && env.role !== 'worker'
      ? ['Sign in as demo@pantheon.local or owner@pantheon.local;', `the link arrives at ${env.appUrl}/dev/mailbox`]
      : []),
    ...(llm.provider === 'demo'
      ? ['Answers come from the offline demo model. Set OPENROUTER_API_KEY or LLM_BASE_URL for real ones.']
      : []),
  ];
  process.stdout.write(`\n  ${lines.join('\n  ')}\n\n`);
}
