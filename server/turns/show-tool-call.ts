import type { ToolRequest } from '#server/adapters/llm/port.ts';
import { containQuery } from '#server/tools/contain-query.ts';
import type { PermittedCall } from '#server/tools/gate.ts';
import type { ToolOutcome } from '#server/tools/outcome.ts';
import type { ToolCall } from '#server/turns/contract.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { Run } from '#server/turns/run.ts';

/** As the timeline shows a call: what was asked, as far as it can be read; of a search, the words that go out. */
export function shownAs(
  id: string,
  request: ToolRequest,
  judged: PermittedCall | ToolOutcome,
  guarded: boolean,
): ToolCall {
  const asked =
    'status' in judged
      ? readArguments(request.arguments)
      : judged.tool === 'search_web'
        ? { query: containQuery(judged.args.query, { guarded }) }
        : judged.args;
  return {
    id,
    tool: request.name.slice(0, 100),
    arguments: asked,
    ...('server' in judged
      ? { origin: { serverId: judged.server.serverId, server: judged.server.server, tool: judged.server.tool } }
      : {}),
    status: 'running',
    summary: '',
  };
}

const MAX_SHOWN = 2_000;

function readArguments(text: string): unknown {
  try {
    if (text.length <= MAX_SHOWN) return JSON.parse(text === '' ? '{}' : text);
  } catch {
    // Shown as it came.
  }
  return text.slice(0, MAX_SHOWN);
}

/** Puts a call into its step, in the place that it has there. */
export function showToolCall(run: Run, step: StepRow, call: ToolCall): void {
  const known = step.tool_calls.some(({ id }) => id === call.id);
  step.tool_calls = known
    ? step.tool_calls.map((other) => (other.id === call.id ? call : other))
    : [...step.tool_calls, call];
  run.steps.set(step.key, { ...step });
}
