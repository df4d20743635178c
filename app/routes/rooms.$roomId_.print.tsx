import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { findSpeakers } from '#server/agents/find-speakers.ts';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { findTurns } from '#server/turns/find-turns.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PrintPage, TURNS_ON_A_PRINT } from '#app/components/print/print-page.tsx';
import { turnsOnPaper } from '#app/components/print/turns-on-paper.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Room' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  try {
    const room = await getRoom(app, { userId: user.id, roomId: params['roomId'] ?? '' });
    const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined;
    const [{ items, nextCursor }, speakers] = await Promise.all([
      findTurns(app, { conversationId: room.id, limit: TURNS_ON_A_PRINT, cursor }),
      findSpeakers(app, room.id),
    ]);
    return {
      title: room.name,
      description: room.description,
      turns: turnsOnPaper(items, speakers),
      nextCursor,
      home: `/rooms/${room.id}`,
    };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function RoomOnPaper() {
  return <PrintPage {...useLoaderData<typeof loader>()} />;
}

export { ErrorPage as ErrorBoundary };
