import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { findSpeakers } from '#server/agents/find-speakers.ts';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { getDirectSession } from '#server/direct/get-direct-session.ts';
import { isAppError } from '#server/platform/errors.ts';
import { findTurns } from '#server/turns/find-turns.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PrintPage, TURNS_ON_A_PRINT } from '#app/components/print/print-page.tsx';
import { turnsOnPaper } from '#app/components/print/turns-on-paper.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Chat' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const directSessionId = params['directSessionId'] ?? '';
    const session = await getDirectSession(app, { userId: user.id, directSessionId });
    const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined;
    const [{ items, nextCursor }, speakers] = await Promise.all([
      findTurns(app, { conversationId: session.id, limit: TURNS_ON_A_PRINT, cursor }),
      findSpeakers(app, session.id),
    ]);
    return { title: session.title, turns: turnsOnPaper(items, speakers), nextCursor, home: `/direct/${session.id}` };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function ChatOnPaper() {
  return <PrintPage {...useLoaderData<typeof loader>()} />;
}

export { ErrorPage as ErrorBoundary };
