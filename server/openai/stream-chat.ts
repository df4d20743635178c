import type { ChatChunk } from '#server/openai/contract.ts';
import { endOf, followTurn, type FollowTurn } from '#server/turns/follow-turn.ts';
import { turnFailed } from '#server/openai/complete-chat.ts';
import { eventStream } from '#server/openai/event-stream.ts';
import { completionId, extensionOf, secondsOf, usageOf } from '#server/openai/present-completion.ts';
import { speakInOrder } from '#server/openai/speak-in-order.ts';
import type { Plan, Turn } from '#server/turns/contract.ts';

export type StreamChat = FollowTurn & {
  model: string;
  turn: Turn;
  /** Usage as a chunk of its own without choices, as `stream_options.include_usage` asks; else it is on the last one. */
  usageApart: boolean;
  /** Writes an error as it stands in the stream. */
  writeError: (error: unknown) => unknown;
};

/** A turn as the server-sent events of a chat completion. */
export function streamChat(app: Parameters<typeof followTurn>[0], options: StreamChat): Response {
  return eventStream(chunks(app, options));
}

async function* chunks(app: Parameters<typeof followTurn>[0], options: StreamChat): AsyncGenerator<string> {
  const { turn } = options;
  const head = {
    id: completionId(turn.id),
    object: 'chat.completion.chunk',
    created: secondsOf(turn.createdAt),
  } as const;
  const write = (chunk: Pick<ChatChunk, 'choices' | 'usage' | 'pantheon'>) =>
    `data: ${JSON.stringify({ ...head, model: options.model, ...chunk } satisfies ChatChunk)}\n\n`;
  const say = (delta: ChatChunk['choices'][number]['delta'], pantheon: ChatChunk['pantheon']) =>
    write({ choices: [{ index: 0, delta, finish_reason: null }], pantheon });
  const speak = speakInOrder(turn.steps);
  let plan: Plan | null = null;
  yield say({ role: 'assistant', content: '' }, { turnId: turn.id });
  for await (const event of followTurn(app, options)) {
    if (event === null) {
      yield ': keep-alive\n\n';
      continue;
    }
    if (event.type === 'route_decided') plan = event.data;
    for (const { text, ...whose } of speak(event)) yield say({ content: text }, { turnId: turn.id, ...whose });
    const end = endOf(event);
    if (end?.status === 'failed') yield `data: ${JSON.stringify(options.writeError(turnFailed(end)))}\n\n`;
    else if (end) {
      const usage = usageOf(end.steps);
      const pantheon = extensionOf(end, plan);
      const choices = [{ index: 0, delta: {}, finish_reason: 'stop' as const }];
      yield write({ choices, pantheon, ...(options.usageApart ? {} : { usage }) });
      if (options.usageApart) yield write({ choices: [], usage, pantheon });
    }
    if (end) yield 'data: [DONE]\n\n';
  }
}
