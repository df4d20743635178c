import { plainText } from '#server/platform/plain-text.ts';
import type { Chunk, PartOfCall } from './chat-completion.ts';
import type { RawUsage } from './check-usage.ts';
import { createTextCleaner } from './clean-text.ts';
import type { ModelRequest, ToolRequest } from './port.ts';

/**
 * Puts an answer together from its stream. With a forced tool call the arguments are the answer: they are passed on as
 * text, and words that the model says before them are dropped (or are the answer, when it never makes the call).
 */
export function createReplyCollector(request: ModelRequest, onText: (text: string) => void) {
  const forced = request.structured?.via === 'tool' ? request.structured.name : null;
  const cleaner = createTextCleaner();
  const toolCalls: ToolRequest[] = [];
  const slots = new Map<number, ToolRequest>();
  const state = {
    text: '',
    finishReason: null as string | null,
    servedModel: null as string | null,
    requestId: null as string | null,
    usage: null as RawUsage | null,
    /** Reasoning included: it is served and billed though nobody sees it. */
    received: { bytes: 0, pieces: 0 },
  };
  let aside = '';

  const say = (piece: string) => {
    const text = cleaner.push(piece);
    if (text === '') return;
    state.text += text;
    onText(text);
  };

  const callFor = (delta: PartOfCall): ToolRequest => {
    const index = delta.index ?? (delta.id ? toolCalls.length : Math.max(0, toolCalls.length - 1));
    const known = slots.get(index);
    // Some providers number every call 0: another id is another call.
    if (known && (!delta.id || known.id === '' || delta.id === known.id)) return known;
    const call = { id: delta.id ?? '', name: '', arguments: '' };
    slots.set(index, call);
    toolCalls.push(call);
    return call;
  };

  return {
    state,
    /** True when the event carried something of the answer. */
    push({ id, model, usage, choices }: Chunk): boolean {
      if (usage && Object.keys(usage).length > 0) state.usage = usage;
      state.requestId = id ?? state.requestId;
      state.servedModel = model ?? state.servedModel;
      const choice = choices?.[0];
      state.finishReason = choice?.finish_reason ?? state.finishReason;

      const delta = choice?.delta;
      let bytes = 0;
      for (const part of delta?.tool_calls ?? []) {
        const call = callFor(part);
        if (part.id) call.id = part.id;
        if (part.function?.name) call.name ||= part.function.name;
        const piece = part.function?.arguments ?? '';
        call.arguments += piece;
        if (forced !== null && call === toolCalls[0]) say(piece);
        bytes += Buffer.byteLength(piece) + (part.function?.name?.length ?? 0);
      }
      bytes += Buffer.byteLength(delta?.reasoning ?? delta?.reasoning_content ?? '');
      const text = typeof delta?.content === 'string' ? delta.content : '';
      if (text !== '') {
        if (forced === null) say(text);
        else aside += text;
        bytes += Buffer.byteLength(text);
      }
      if (bytes === 0) return false;
      state.received.bytes += bytes;
      state.received.pieces += 1;
      return true;
    },
    /** The calls of a whole answer. */
    finish(): ToolRequest[] {
      if (forced !== null && toolCalls.length === 0) say(aside);
      if (forced !== null) return [];
      return toolCalls.map((call, index) => ({
        id: call.id || `call_${index}`,
        name: plainText(call.name),
        arguments: plainText(call.arguments),
      }));
    },
    hasOutput: () => state.text !== '' || toolCalls.length > 0,
  };
}
