import { redirect } from '@remix-run/node';
import type { Principal } from '#server/auth/contract.ts';
import type { LoadContext } from '#server/http/load-context.ts';
import { problemDocument } from '#server/http/problem.ts';
import { AppError, isAppError, notFound, statusOf, type ErrorCode } from '#server/platform/errors.ts';

type PageContext = Pick<LoadContext, 'authenticate' | 'requestId'>;

/**
 * Who looks at a page; anyone else is sent to sign in and comes back afterwards. In an action a suspended user is
 * refused, unless `allowSuspended`.
 */
export async function requirePageUser(
  context: PageContext,
  request: Request,
  options: { allowSuspended?: boolean } = {},
): Promise<Principal> {
  const principal = await requireSignedIn(context, request);
  if (changes(request) && !options.allowSuspended) assertNotSuspended(context, principal);
  return principal;
}

/**
 * For admin pages: 404 for anyone who is no admin, so that nobody learns that the page is there. A change needs an owner.
 */
export async function requireAdminPage(context: PageContext, request: Request): Promise<Principal> {
  const principal = await requireSignedIn(context, request);
  if (principal.user.role === 'user') throw pageProblem(context, notFound());
  if (changes(request)) {
    if (principal.user.role !== 'owner') {
      throw refusal(context, 'owner_required', 'Analysts can look at everything and change nothing. Ask an owner.');
    }
    assertNotSuspended(context, principal);
  }
  return principal;
}

/** Who looks at a page that needs no sign-in, or null. A page has no use for a bearer key that is not valid. */
export async function findPageUser(context: Pick<LoadContext, 'authenticate'>): Promise<Principal | null> {
  try {
    return await context.authenticate();
  } catch (error) {
    if (isAppError(error) && error.code === 'unauthenticated') return null;
    throw error;
  }
}

/** An expected failure as what a page throws: `useRouteError()` then has the problem document as its `data`. */
export function pageProblem(context: Pick<LoadContext, 'requestId'>, error: AppError): Response {
  return Response.json(problemDocument(error, context.requestId), { status: statusOf(error.code) });
}

async function requireSignedIn(context: PageContext, request: Request): Promise<Principal> {
  const principal = await findPageUser(context);
  if (principal) return principal;
  const { pathname, search } = new URL(request.url);
  // A posted form is gone after the detour, so its query is of no use either.
  const back = new URLSearchParams({ redirectTo: changes(request) ? pathname : pathname + search });
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- Remix takes a thrown Response as the answer
  throw redirect(`/sign-in?${back.toString()}`);
}

function assertNotSuspended(context: PageContext, { user }: Principal): void {
  if (!user.suspended) return;
  throw refusal(
    context,
    'suspended',
    'This account is suspended: you can read and sign out. Write to support to lift it.',
  );
}

function refusal(context: PageContext, code: ErrorCode, message: string): Response {
  return pageProblem(context, new AppError(code, message));
}

function changes(request: Request): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD';
}
