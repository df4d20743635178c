import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';
import { ZSearchHit, ZSearchText } from '#server/search/contract.ts';
import { searchMessages } from '#server/search/search-messages.ts';

const ZSearch = ZPageQuery.extend({
  q: ZSearchText.describe('Words, "a phrase", or, -without.'),
  conversationId: z.uuid().optional().describe('Only in this room or direct chat.'),
});

export const route = apiRoute({
  GET: operation({
    summary: 'What was said in the caller’s rooms and direct chats, the newest first.',
    query: ZSearch,
    status: 200,
    response: pageOf(ZSearchHit),
    handle: ({ app, principal, query }) => searchMessages(app, { userId: principal.user.id, ...query }),
  }),
});
export const loader = route.loader;
export const action = route.action;
