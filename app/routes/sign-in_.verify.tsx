import {
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { SignInFrame } from '#app/components/sign-in-frame.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { ZVerifyRequest } from '#server/auth/contract.ts';
import { sessionCookie } from '#server/auth/session-cookie.ts';
import { signIn } from '#server/auth/sign-in.ts';
import { AppError, isAppError, statusOf, titleOf } from '#server/platform/errors.ts';

export const meta: MetaFunction = () => [{ title: 'Sign in · Pantheon' }, { name: 'robots', content: 'noindex' }];

/**
 * The address of this page is a secret until the link is spent: it goes to no cache and into no Referer. (`no-referrer`
 * would make browsers send `Origin: null` with the form, which is refused as another site's.)
 */
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'strict-origin' });

/** Looks at nothing and spends nothing: programs that scan mail open every link. */
export function loader({ request }: LoaderFunctionArgs) {
  return Response.json({ token: new URL(request.url).searchParams.get('token') });
}

type Refusal = { title: string; message: string };

export async function action({ context, request }: ActionFunctionArgs) {
  const { app } = context;
  try {
    const input = ZVerifyRequest.safeParse(Object.fromEntries(await request.formData()));
    if (!input.success) throw new AppError('link_spent', 'This sign-in link is incomplete. Ask for a new one.');
    const { sessionToken, redirectTo } = await signIn(app, {
      token: input.data.token,
      request,
      requestId: context.requestId,
    });
    return redirect(redirectTo ?? '/', { headers: { 'Set-Cookie': await sessionCookie(app, sessionToken) } });
  } catch (error) {
    if (!isAppError(error)) throw error;
    const refusal: Refusal = { title: titleOf(error.code), message: error.message };
    return Response.json(refusal, { status: statusOf(error.code) });
  }
}

export default function VerifyPage() {
  const { token } = useLoaderData<{ token: string | null }>();
  const refusal = useActionData<Refusal>();
  if (refusal) return <Refused {...refusal} />;
  if (!token)
    return <Refused title="No sign-in link" message="The link is incomplete. Copy it whole, or ask for a new one." />;
  return (
    <SignInFrame title="Sign in to Pantheon">
      <p className="mt-2 text-sm text-ink-soft">One click and you are in.</p>
      <form method="post" action="/sign-in/verify" className="mt-6">
        <input type="hidden" name="token" value={token} />
        <Button type="submit" variant="primary" size="lg" className="w-full">
          Sign in
        </Button>
      </form>
    </SignInFrame>
  );
}

function Refused({ title, message }: Refusal) {
  return (
    <SignInFrame title={title}>
      <p role="alert" className="mt-2 text-sm text-ink-soft">
        {message}
      </p>
      <Button asChild variant="primary" size="lg" className="mt-6 w-full">
        <Link to="/sign-in">Ask for a new link</Link>
      </Button>
    </SignInFrame>
  );
}
