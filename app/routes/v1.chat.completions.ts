import { apiRoute, operation } from '#server/http/api-route.ts';
import { errorFormatOf } from '#server/http/error-format.ts';
import { completeChat } from '#server/openai/complete-chat.ts';
import { ZChatChunk, ZChatCompletion, ZChatRequest } from '#server/openai/contract.ts';
import { startTurn } from '#server/openai/start-turn.ts';
import { streamChat } from '#server/openai/stream-chat.ts';
import { SEND_ERRORS } from '#server/turns/accept-turn.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary:
      'Sends the last user message to a room or direct chat and answers with what its agents say, whole or as it comes.',
    body: ZChatRequest,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZChatCompletion,
    produces: { 'text/event-stream': ZChatChunk },
    errors: ['model_not_found', ...SEND_ERRORS, 'turn_failed'],
    handle: async ({ app, principal, body, request, context }) => {
      const idempotencyKey = readIdempotencyKey(request);
      const turn = await startTurn(app, { principal, ...body, idempotencyKey, requestId: context.requestId });
      const follow = {
        turnId: turn.id,
        closed: context.closed,
        goesOnAlone: idempotencyKey !== null,
        model: body.model,
      };
      if (!body.stream) return completeChat(app, follow);
      return streamChat(app, {
        ...follow,
        turn,
        usageApart: body.stream_options?.include_usage === true,
        writeError: (error) => errorFormatOf('/v1').write(error, context.requestId).body,
      });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
