import type { State, StateMessage, StreamMode } from '#server/langgraph/contract.ts';
import { nodeOf } from '#server/langgraph/node-of.ts';
import { humanOf, planOf, replyHead, replyOf, replyTail, stateOf, summaryOf } from '#server/langgraph/present-state.ts';
import type { Step, ToolCall, Turn, TurnEvent } from '#server/turns/contract.ts';

/** One server-sent event: what LangGraph's clients call a stream part. */
export type Part = { event: string; data: unknown };

export type WriteParts = {
  threadId: string;
  turn: Turn;
  /** What stood in the line before the turn, oldest first. */
  before: readonly Turn[];
  modes: readonly StreamMode[];
};

type Said = { step: Step; text: string; running: boolean };

/**
 * Tells a turn's events as LangGraph's stream modes do, each reply under its agent's name. What it gives for an event
 * depends on the events before it alone, so that a reader who comes back is given the same parts again and can leave out what
 * it has. `values` come when nobody speaks: positions in a list of messages that is being written don't move.
 */
export function writeParts({ threadId, turn, before, modes }: WriteParts): (event: TurnEvent) => Part[] {
  const earlier = stateOf(before).messages;
  const said = new Map<string, Said>(
    turn.steps.filter(isReused).map((step) => [step.id, { step, text: step.content, running: false }]),
  );
  const wants = (mode: StreamMode) => modes.includes(mode);
  let plan = planOf(turn);
  let status: Turn['status'] = 'queued';

  function values(): Part[] {
    if (!wants('values')) return [];
    const replies = [...said.values()]
      .sort((a, b) => a.step.index - b.step.index)
      .flatMap(({ step }) => replyOf(turn.id, step));
    const state: State = {
      messages: [...earlier, ...humanOf(turn), ...replies],
      plan,
      turn: summaryOf({ ...turn, status }),
    };
    return [{ event: 'values', data: state }];
  }

  function metadataOf(step: Step) {
    const node = nodeOf(turn.mode, step.kind);
    return {
      run_id: turn.id,
      thread_id: threadId,
      assistant_id: turn.roomId ?? turn.directSessionId,
      graph_id: turn.mode,
      langgraph_node: node,
      langgraph_step: step.index + 1,
      langgraph_checkpoint_ns: `${node}:${step.id}`,
      agent_name: step.agentName,
      agent_id: step.agentId,
      tags: [],
    };
  }

  function chunk(step: Step, message: Pick<StateMessage, 'content'> & Partial<StateMessage>): Part[] {
    if (step.kind === 'manager') return [];
    const whole = { ...replyHead(turn.id, step), response_metadata: {}, ...message, type: 'AIMessageChunk' };
    return wants('messages-tuple') ? [{ event: 'messages', data: [whole, metadataOf(step)] }] : [];
  }

  /** The older way: the whole text so far, each time. */
  function partial(step: Step, text: string): Part[] {
    if (step.kind === 'manager' || !wants('messages')) return [];
    const message = { ...replyHead(turn.id, step), content: text, response_metadata: {} };
    return [{ event: 'messages/partial', data: [message] }];
  }

  function started(step: Step): Part[] {
    const again = said.get(step.id);
    said.set(step.id, { step, text: '', running: true });
    if (step.kind === 'manager') return [];
    const parts: Part[] = wants('messages')
      ? [{ event: 'messages/metadata', data: { [step.id]: { metadata: metadataOf(step) } } }]
      : [];
    // Another process begins the reply anew: what had come of it is void.
    if (!again || again.text === '' || !wants('messages-tuple')) return parts;
    return [...parts, { event: 'messages', data: [{ type: 'remove', id: step.id, content: '' }, metadataOf(step)] }];
  }

  function ended(step: Step): Part[] {
    const known = said.get(step.id);
    said.set(step.id, { step, text: step.content, running: false });
    const [message] = replyOf(turn.id, step);
    const node = nodeOf(turn.mode, step.kind);
    const parts: Part[] = [];
    if (message) {
      const rest = step.content.slice(known?.text.length ?? 0);
      parts.push(...chunk(step, { content: rest, ...replyTail(step) }));
      if (wants('messages')) parts.push({ event: 'messages/complete', data: [message] });
      if (wants('updates')) parts.push({ event: 'updates', data: { [node]: { messages: [message] } } });
    } else if (wants('updates') && step.kind !== 'manager') {
      const { agentName, error = null } = step;
      parts.push({
        event: 'updates',
        data: { [node]: { messages: [], agent: agentName, status: step.status, error } },
      });
    }
    const nobodySpeaks = [...said.values()].every(({ running }) => !running);
    return nobodySpeaks ? [...parts, ...values()] : parts;
  }

  function tool(step: Step | undefined, call: ToolCall, event: 'on_tool_start' | 'on_tool_end'): Part[] {
    if (!wants('tools')) return [];
    const failed = event === 'on_tool_end' && call.status !== 'completed';
    const told = failed
      ? { event: 'on_tool_error', error: call.error?.message ?? call.summary }
      : event === 'on_tool_start'
        ? { event, input: call.arguments }
        : { event, output: call.summary };
    return [{ event: 'tools', data: { toolCallId: call.id, name: call.tool, agent_name: step?.agentName, ...told } }];
  }

  function over(end: Turn): Part[] {
    status = end.status;
    for (const step of end.steps) said.set(step.id, { step, text: step.content, running: false });
    if (end.status !== 'failed') {
      return wants('values')
        ? [{ event: 'values', data: { ...stateOf([...before, end]), plan: planOf(end) ?? plan } }]
        : [];
    }
    const { code, message } = end.error ?? { code: 'turn_failed', message: 'Nobody could answer.' };
    return [...values(), { event: 'error', data: { error: code, message } }];
  }

  function told(event: TurnEvent): Part[] {
    switch (event.type) {
      case 'turn_queued':
        return [{ event: 'metadata', data: { run_id: turn.id, thread_id: threadId, attempt: 1 } }];
      case 'turn_started':
        status = 'running';
        return values();
      case 'route_decided':
        plan = event.data;
        return wants('updates') ? [{ event: 'updates', data: { route: { plan } } }] : [];
      case 'step_started':
        return started(event.data);
      case 'step_delta': {
        const known = said.get(event.stepId);
        if (!known) return [];
        known.text += event.data.text;
        return [...chunk(known.step, { content: event.data.text }), ...partial(known.step, known.text)];
      }
      case 'tool_started':
        return tool(said.get(event.stepId)?.step, event.data, 'on_tool_start');
      case 'tool_completed':
        return tool(said.get(event.stepId)?.step, event.data, 'on_tool_end');
      case 'step_completed':
      case 'step_failed':
      case 'step_skipped':
      case 'step_cancelled':
        return ended(event.data);
      case 'turn_completed':
      case 'turn_failed':
      case 'turn_cancelled':
        return over(event.data);
    }
  }

  /** The events themselves for who wants to see everything; texts come as messages. */
  return (event) => {
    const parts = told(event);
    return wants('custom') && event.type !== 'step_delta' ? [...parts, { event: 'custom', data: event }] : parts;
  };
}

function isReused(step: Step): boolean {
  return step.reusedFromStepId !== null;
}
