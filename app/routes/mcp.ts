import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { answerMessage } from '#server/mcp/answer-message.ts';
import { ZRpcMessage } from '#server/mcp/contract.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'The Model Context Protocol (streamable HTTP): your rooms as tools.',
    // Each tool asks for the scope that it needs.
    scope: 'read',
    allowSuspended: true,
    body: ZRpcMessage,
    headers: z.object({ 'Mcp-Session-Id': z.string().optional().describe('As `initialize` gave it.') }),
    status: 200,
    response: ZRpcMessage,
    produces: { 'text/event-stream': ZRpcMessage },
    handle: ({ app, principal, request, body, context }) =>
      answerMessage(app, {
        request,
        message: body,
        caller: { principal, requestId: context.requestId, closed: context.closed },
      }),
  }),
});
export const loader = route.loader;
export const action = route.action;
