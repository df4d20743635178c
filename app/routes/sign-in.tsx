import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { SignInFrame } from '#app/components/sign-in-frame.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
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
  const { redirectTo, development } = useLoaderData<Place>();
  const outcome = useActionData<Outcome>();
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
      <p className="mt-2 text-sm text-ink-soft">
        We mail you a link. There is no password; your first sign-in makes your account.
      </p>
      <Form method="post" noValidate className="mt-6 space-y-4">
        <input type="hidden" name="redirectTo" value={redirectTo} />
        <Field label="E-mail" error={refused?.error}>
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              required
              autoComplete="email"
              autoFocus
              defaultValue={refused?.email}
              placeholder="name@example.com"
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="lg" pending={sending} className="w-full">
          Send sign-in link
        </Button>
      </Form>
      {development && <SeededAccounts redirectTo={redirectTo} disabled={sending} />}
    </SignInFrame>
  );
}

/** One click asks for the link of an account that the seed made. */
function SeededAccounts({ redirectTo, disabled }: { redirectTo: string; disabled: boolean }) {
  return (
    <Form method="post" className="mt-8 border-t border-line pt-5">
      <input type="hidden" name="redirectTo" value={redirectTo} />
      <h2 className="text-sm font-medium">Accounts to try</h2>
      <p className="mt-1 text-[13px] text-ink-faint">Shown in development only.</p>
      <ul className="mt-3 space-y-2">
        {SEEDED.map(({ email, who }) => (
          <li key={email}>
            <Button
              type="submit"
              name="email"
              value={email}
              disabled={disabled}
              className="h-auto w-full flex-col items-start gap-0 py-2"
            >
              <span>{email}</span>
              <span className="text-[13px] font-normal text-ink-faint">{who}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Form>
  );
}

function Sent({ email, redirectTo, development }: Place & { email: string }) {
  return (
    <SignInFrame title="Check your mailbox">
      <p role="status" className="mt-2 text-sm text-ink-soft">
        We sent a sign-in link to <strong className="font-medium wrap-anywhere text-ink">{email}</strong>. It works
        once, for 15 minutes.
      </p>
      {development && (
        <Button asChild variant="primary" size="lg" className="mt-6 w-full">
          <Link to={{ pathname: '/dev/mailbox', search: new URLSearchParams({ to: email }).toString() }}>
            Open the development mailbox
          </Link>
        </Button>
      )}
      <p className="mt-6 text-sm text-ink-soft">
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
