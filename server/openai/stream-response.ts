import type { OutputMessage } from '#server/openai/contract.ts';
import { eventStream } from '#server/openai/event-stream.ts';
import { endOf, followTurn, type FollowTurn } from '#server/turns/follow-turn.ts';
import { outputMessage, outputText, presentBegun, presentEnded } from '#server/openai/present-response.ts';
import { speakInOrder, type Piece } from '#server/openai/speak-in-order.ts';
import type { Plan, Turn } from '#server/turns/contract.ts';

export type StreamResponse = FollowTurn & { turn: Turn };

/** A turn as the server-sent events of a response: each agent is an output item of its own, one after the other. */
export function streamResponse(app: Parameters<typeof followTurn>[0], options: StreamResponse): Response {
  return eventStream(lines(app, options));
}

async function* lines(app: Parameters<typeof followTurn>[0], options: StreamResponse): AsyncGenerator<string> {
  const { turn } = options;
  let number = 0;
  const write = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...more })}\n\n`;
  const output: OutputMessage[] = [];
  let open: { stepId: string; text: string } | null = null;

  function* close(): Generator<string> {
    if (!open) return;
    const place = { output_index: output.length, content_index: 0 };
    const item = outputMessage(open.stepId, open.text, 'completed');
    yield write('response.output_text.done', { item_id: item.id, ...place, text: open.text, logprobs: [] });
    yield write('response.content_part.done', { item_id: item.id, ...place, part: outputText(open.text) });
    yield write('response.output_item.done', { output_index: output.length, item });
    output.push(item);
    open = null;
  }

  function* say({ stepId, text }: Piece): Generator<string> {
    if (open?.stepId !== stepId) {
      yield* close();
      const item = outputMessage(stepId, null, 'in_progress');
      const place = { item_id: item.id, output_index: output.length, content_index: 0 };
      yield write('response.output_item.added', { output_index: output.length, item });
      yield write('response.content_part.added', { ...place, part: outputText('') });
      open = { stepId, text: '' };
    }
    open.text += text;
    const place = { item_id: `msg_${stepId}`, output_index: output.length, content_index: 0 };
    yield write('response.output_text.delta', { ...place, delta: text, logprobs: [] });
  }

  const begun = presentBegun(turn);
  yield write('response.created', { response: begun });
  yield write('response.in_progress', { response: begun });
  const speak = speakInOrder(turn.steps);
  let plan: Plan | null = null;
  for await (const event of followTurn(app, options)) {
    if (event === null) {
      yield ': keep-alive\n\n';
      continue;
    }
    if (event.type === 'route_decided') plan = event.data;
    for (const piece of speak(event)) yield* say(piece);
    const end = endOf(event);
    if (!end) continue;
    yield* close();
    const response = presentEnded(end, { plan, output });
    const type = { completed: 'completed', failed: 'failed', cancelled: 'incomplete', in_progress: 'incomplete' };
    yield write(`response.${type[response.status]}`, { response });
  }
}
