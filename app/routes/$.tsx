import type { LoaderFunctionArgs } from '@remix-run/node';
import { pageProblem } from '#server/auth/require-user.ts';
import { notFound } from '#server/platform/errors.ts';
import { ErrorPage } from '#app/components/error-page.tsx';

export const handle = { shell: true };

/** Every address that is nothing else’s. */
export function loader({ context }: LoaderFunctionArgs): never {
  throw pageProblem(context, notFound());
}

export default function NotFound() {
  return null;
}

export { ErrorPage as ErrorBoundary };
