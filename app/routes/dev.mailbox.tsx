import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { Card } from '#app/components/ui/card.tsx';
import type { DevMail } from '#server/auth/contract.ts';
import { findDevMails } from '#server/auth/find-dev-mails.ts';
import { pageProblem } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';

export const meta: MetaFunction = () => [{ title: 'Development mailbox · Pantheon' }];
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'no-store' });

const LOOK_AGAIN_MS = 2000;

/** With `?to=` only that address's: whoever has just asked for a link must not find one that was used before. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const to = new URL(request.url).searchParams.get('to');
  try {
    return Response.json({ to, mails: await findDevMails(context.app, { to }) });
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function DevMailboxPage() {
  const { to, mails } = useLoaderData<{ to: string | null; mails: DevMail[] }>();
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const timer = setInterval(revalidate, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [revalidate]);
  return (
    <main className="min-h-dvh bg-canvas px-4 py-12">
      <div className="mx-auto max-w-2xl">
        <h1 className="text-xl font-semibold tracking-tight">Development mailbox</h1>
        <p className="mt-2 text-sm text-ink-soft">
          Every sign-in mail of this server{to === null ? '' : ` to ${to}`}, newest first. It exists because no mail
          server is configured, and never in production.
        </p>
        {mails.length === 0 && to !== null ? (
          <p className="mt-8 text-sm" role="status">
            The mail to {to} is on its way…
          </p>
        ) : mails.length === 0 ? (
          <p className="mt-8 text-sm">
            No mail yet.{' '}
            <a href="/sign-in" className="underline underline-offset-2">
              Ask for a sign-in link
            </a>{' '}
            and it appears here.
          </p>
        ) : (
          <ul className="mt-8 space-y-3">
            {mails.map((mail) => (
              <MailItem key={mail.url} mail={mail} />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

function MailItem({ mail }: { mail: DevMail }) {
  return (
    <li>
      <Card className="flex flex-wrap items-center justify-between gap-4 p-4">
        <div className="min-w-0">
          <p className="text-sm font-medium break-all">{mail.to}</p>
          <p className="text-sm text-ink-soft">{mail.subject}</p>
          <p className="text-[13px] text-ink-faint">
            <time dateTime={mail.createdAt}>{mail.createdAt.replace('T', ' ').slice(0, 19)} UTC</time>
          </p>
        </div>
        <Button asChild variant="primary">
          <a href={mail.url}>
            Open link<span className="sr-only"> to sign in as {mail.to}</span>
          </a>
        </Button>
      </Card>
    </li>
  );
}
