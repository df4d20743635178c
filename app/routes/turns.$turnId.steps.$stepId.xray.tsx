import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { getXray } from '#server/xray/get-xray.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { headlineOf, XrayView } from '#app/components/xray/xray-view.tsx';

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `X-ray of ${data?.xray.agentName ?? 'a step'} · Pantheon` },
];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const turn = await getOwnedTurn(app, user.id, params['turnId'] ?? '');
    const home = turn.roomId === null ? `/direct/${turn.directSessionId ?? ''}` : `/rooms/${turn.roomId}`;
    return { xray: await getXray(app, { turnId: turn.id, stepId: params['stepId'] ?? '' }), home };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function XrayPage() {
  const { xray, home } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title={`X-ray · ${xray.agentName}`}
        below={headlineOf(xray)}
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link to={`${home}#message-${xray.stepId}`}>To the conversation</Link>
          </Button>
        }
      />
      <PageBody className="max-w-3xl">
        <XrayView xray={xray} home={home} />
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
