import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZAssistant, ZSearchAssistants } from '#server/langgraph/contract.ts';
import { findAssistants } from '#server/langgraph/find-assistants.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Your rooms and direct chats as LangGraph’s assistants, the last changed first',
    scope: 'read',
    allowSuspended: true,
    body: ZSearchAssistants,
    status: 200,
    response: z.array(ZAssistant),
    handle: ({ app, principal, body }) => findAssistants(app, { userId: principal.user.id, search: body }),
  }),
});
export const loader = route.loader;
export const action = route.action;
