import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePageUser } from '#server/auth/require-user.ts';
import { findActivity } from '#server/conversations/find-activity.ts';

/** Which conversations are at work and which are unread, for the marks in the sidebar. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  return Response.json(await findActivity(context.app, user.id), { headers: { 'Cache-Control': 'private, no-store' } });
}
