import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { SignInFrame } from '#app/components/sign-in-frame.tsx';
import { ZMagicLinkRequest } from '#server/auth/contract.ts';
import { requestMagicLink } from '#server/auth/request-magic-link.ts';
import { findPageUser } from '#server/auth/require-user.ts';
import { sameSitePath } from '#server/auth/same-site-path.ts';
import { isAppError, statusOf } from '#server/platform/errors.ts';

export const meta: MetaFunction = () => [{ title: 'Sign in · Pantheon' }];

/** The accounts of the development seed. */
const SEEDED = [
  { email: 'demo@pantheon.local', who: 'a user with demo rooms' },
  { email: 'owner@pantheon.local', who: 'an admin who may change things' },
  { email: 'analyst@pantheon.local', who: 'an admin who may look' },
];

type Outcome = { sentTo: string } | { email: string; error: string };

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { app } = context;
  const redirectTo = sameSitePath(new URL(request.url).searchParams.get('redirectTo')) ?? '/';
  if (await findPageUser(context)) return redirect(redirectTo);
  const development = app.mail.kind === 'dev' && app.identity.kind === 'builtin' && !app.env.production;
  return Response.json({ redirectTo, development });
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData();
  const given = Object.fromEntries(form);
  const email = typeof given['email'] === 'string' ? given['email'] : '';
  const input = ZMagicLinkRequest.safeParse(given);
  if (!input.success) {
    return answer({ email, error: input.error.issues[0]?.message ?? 'Enter an e-mail address.' }, 422);
  }
  try {
    await requestMagicLink(context.app, {
      email: input.data.email,
      redirectTo: input.data.redirectTo ?? null,
      ip: context.ip,
    });
    return answer({ sentTo: input.data.email }, 200);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return answer({ email, error: error.message }, statusOf(error.code), error.options.retryAfter);
  }
}

function answer(outcome: Outcome, status: number, retryAfter?: number): Response {
  return Response.json(outcome, {
    status,
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfter)) },
  });
}

export default function SignInPage() {
  const { redirectTo, development } = useLoaderData() as { redirectTo: string; development: boolean };
  const outcome = useActionData() as Outcome | undefined;
  return outcome && 'sentTo' in outcome ? (
    <Sent email={outcome.sentTo} redirectTo={redirectTo} development={development} />
  ) : (
    <Ask refused={outcome} redirectTo={redirectTo} development={development} />
  );
}

type Place = { redirectTo: string; development: boolean };

function Ask({ refused, redirectTo, development }: Place & { refused: { email: string; error: string } | undefined }) {
  const sending = useNavigation().state !== 'idle';
  return (
    <SignInFrame title="Sign in">
      <p className="mt-2 text-sm text-zinc-600 dark:text-zinc-400">
        We mail you a link. There is no password; your first sign-in makes your account.
      </p>
      <Form method="post" noValidate className="mt-6">
        <input type="hidden" name="redirectTo" value={redirectTo} />
        <label htmlFor="email" className="text-sm font-medium">
          E-mail
        </label>
        <input
          id="email"
          name="email"
          type="email"
          required
          autoComplete="email"
          autoFocus
          defaultValue={refused?.email}
          aria-invalid={refused ? true : undefined}
          aria-describedby={refused ? 'email-error' : undefined}
          className="mt-1.5 block w-full rounded-lg border border-zinc-300 bg-transparent px-3 py-2 text-base outline-offset-2 focus-visible:outline-2 focus-visible:outline-indigo-600 aria-invalid:border-red-600 dark:border-zinc-700"
        />
        {refused && (
          <p id="email-error" role="alert" className="mt-1.5 text-sm text-red-700 dark:text-red-400">
            {refused.error}
          </p>
        )}
        <button
          type="submit"
          disabled={sending}
          className="mt-4 w-full rounded-lg bg-indigo-600 px-4 py-2.5 text-sm font-medium text-white outline-offset-2 hover:bg-indigo-700 focus-visible:outline-2 focus-visible:outline-indigo-600 disabled:opacity-60"
        >
          {sending ? 'Sending…' : 'Send sign-in link'}
        </button>
      </Form>
      {development && <SeededAccounts redirectTo={redirectTo} disabled={sending} />}
    </SignInFrame>
  );
}

/** One click asks for the link of an account that the seed made. */
function SeededAccounts({ redirectTo, disabled }: { redirectTo: string; disabled: boolean }) {
  return (
    <Form method="post" className="mt-8 border-t border-zinc-200 pt-5 dark:border-zinc-800">
      <input type="hidden" name="redirectTo" value={redirectTo} />
      <h2 className="text-sm font-medium">Accounts to try</h2>
      <p className="mt-1 text-xs text-zinc-600 dark:text-zinc-400">Shown in development only.</p>
      <ul className="mt-3 space-y-2">
        {SEEDED.map(({ email, who }) => (
          <li key={email}>
            <button
              type="submit"
              name="email"
              value={email}
              disabled={disabled}
              className="w-full rounded-lg border border-zinc-200 px-3 py-2 text-left outline-offset-2 hover:bg-zinc-50 focus-visible:outline-2 focus-visible:outline-indigo-600 dark:border-zinc-800 dark:hover:bg-zinc-800"
            >
              <span className="block text-sm">{email}</span>
              <span className="block text-xs text-zinc-600 dark:text-zinc-400">{who}</span>
            </button>
          </li>
        ))}
      </ul>
    </Form>
  );
}

function Sent({ email, redirectTo, development }: Place & { email: string }) {
  return (
    <SignInFrame title="Check your mailbox">
      <p role="status" className="mt-2 text-sm text-zinc-600 dark:text-zinc-400">
        We sent a sign-in link to <strong className="break-all text-zinc-900 dark:text-zinc-100">{email}</strong>. It
        works once, for 15 minutes.
      </p>
      {development && (
        <Link
          to="/dev/mailbox"
          className="mt-6 block rounded-lg bg-indigo-600 px-4 py-2.5 text-center text-sm font-medium text-white outline-offset-2 hover:bg-indigo-700 focus-visible:outline-2 focus-visible:outline-indigo-600"
        >
          Open the development mailbox
        </Link>
      )}
      <p className="mt-6 text-sm text-zinc-600 dark:text-zinc-400">
        Nothing there? Look in the spam folder, or{' '}
        <Link
          to={{ pathname: '/sign-in', search: new URLSearchParams({ redirectTo }).toString() }}
          className="underline underline-offset-2"
        >
          try again
        </Link>
        .
      </p>
    </SignInFrame>
  );
}
