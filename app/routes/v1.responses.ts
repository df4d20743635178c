import { apiRoute, operation } from '#server/http/api-route.ts';
import { readEnd, turnFailed } from '#server/openai/complete-chat.ts';
import { ZResponseEvent, ZResponseObject, ZResponseRequest } from '#server/openai/contract.ts';
import { presentEnded, turnIdOf } from '#server/openai/present-response.ts';
import { startTurn } from '#server/openai/start-turn.ts';
import { streamResponse } from '#server/openai/stream-response.ts';
import { SEND_ERRORS } from '#server/turns/accept-turn.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary:
      'Sends a message to a room or direct chat and answers with a message for each of its agents, whole or as it comes.',
    body: ZResponseRequest,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZResponseObject,
    produces: { 'text/event-stream': ZResponseEvent },
    errors: ['model_not_found', ...SEND_ERRORS, 'turn_failed'],
    handle: async ({ app, principal, body, request, context }) => {
      const idempotencyKey = readIdempotencyKey(request);
      const previous = body.previous_response_id ?? null;
      const turn = await startTurn(app, {
        principal,
        model: body.model,
        messages:
          typeof body.input === 'string'
            ? [{ role: 'user', content: body.input }]
            : body.input.map(({ role = '', content }) => ({ role, content })),
        parentTurnId: previous === null ? undefined : turnIdOf(previous),
        idempotencyKey,
        requestId: context.requestId,
      });
      const follow = { turnId: turn.id, closed: context.closed, goesOnAlone: idempotencyKey !== null };
      if (body.stream) return streamResponse(app, { ...follow, turn });
      const { turn: ended, plan } = await readEnd(app, follow);
      if (ended.status === 'failed') throw turnFailed(ended);
      return presentEnded(ended, { plan });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
