import type { LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { requirePageUser } from '#server/auth/require-user.ts';
import type { News } from '#server/conversations/contract.ts';
import { findActivity } from '#server/conversations/find-activity.ts';
import { findNewestTurn } from '#server/conversations/find-newest-turn.ts';

const ZOpen = z.guid().nullable().catch(null);

/** Which conversations are at work and which are unread, for the marks in the sidebar; and what was sent last in the open one. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const conversationId = ZOpen.parse(new URL(request.url).searchParams.get('open'));
  const [activity, turnId] = await Promise.all([
    findActivity(context.app, user.id),
    conversationId === null ? null : findNewestTurn(context.app, user.id, conversationId),
  ]);
  const newest = conversationId === null || turnId === null ? null : { conversationId, turnId };
  return Response.json({ ...activity, newest } satisfies News, { headers: { 'Cache-Control': 'private, no-store' } });
}
