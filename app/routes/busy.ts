import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePageUser } from '#server/auth/require-user.ts';
import { findBusyConversations } from '#server/turns/find-busy-conversations.ts';

/** Which conversations are at work, for the marks in the sidebar. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  return { busy: await findBusyConversations(context.app, user.id) };
}
