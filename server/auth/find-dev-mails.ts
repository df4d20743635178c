import type { App } from '#server/app.ts';
import type { DevMail } from '#server/auth/contract.ts';
import { notFound } from '#server/platform/errors.ts';

/** What the development mailbox holds, newest first, of one address if it is named. `notFound()` wherever mail is really sent, and in production. */
export async function findDevMails(
  { env, mail, prisma }: Pick<App, 'env' | 'mail' | 'prisma'>,
  { to = null }: { to?: string | null } = {},
): Promise<DevMail[]> {
  if (env.production || mail.kind !== 'dev') throw notFound();
  const mails = await prisma.devMail.findMany({
    ...(to === null ? {} : { where: { to: to.trim().toLowerCase() } }),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: 100,
  });
  return mails.map(({ to, subject, url, createdAt }) => ({ to, subject, url, createdAt: createdAt.toISOString() }));
}
