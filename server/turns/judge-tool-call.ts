import type { ToolRequest } from '#server/adapters/llm/port.ts';
import { judgeCall, type PermittedCall } from '#server/tools/gate.ts';
import { SEARCH_LIMITS, TOOL_LIMITS } from '#server/tools/limits.ts';
import { refused, type ToolOutcome } from '#server/tools/outcome.ts';
import type { ToolCall } from '#server/turns/contract.ts';
import type { Run } from '#server/turns/run.ts';
import type { StepTools } from '#server/turns/step-tools.ts';

/** The gate's word, and the limits of step and turn. */
export function judgeToolCall(run: Run, tools: StepTools, request: ToolRequest): PermittedCall | ToolOutcome {
  const judged = judgeCall(tools.permit, request);
  if ('status' in judged) return judged;
  const { toolCalls: cap } = run.turn.snapshot.caps;
  if (run.toolCalls >= cap) {
    return refused(
      'denied',
      'cap_reached',
      `The turn reached its limit of ${cap} tool calls. Answer with what you have.`,
    );
  }
  if (judged.tool === 'mcp' && countServerCalls(run) >= TOOL_LIMITS.serverCallsPerTurn) {
    return refused(
      'denied',
      'cap_reached',
      `The turn reached its limit of ${TOOL_LIMITS.serverCallsPerTurn} calls of tool servers. Answer with what you have.`,
    );
  }
  if (
    tools.rounds > TOOL_LIMITS.rounds ||
    tools.calls > TOOL_LIMITS.callsPerStep ||
    tools.characters >= TOOL_LIMITS.stepCharacters
  ) {
    return refused('denied', 'cap_reached', 'You have used your tools often enough. Answer with what you have.');
  }
  if (judged.tool === 'search_web' && hasReadFile(run) && run.guardedSearches >= SEARCH_LIMITS.guardedQueriesPerTurn) {
    return refused(
      'denied',
      'cap_reached',
      'After files were read, only a few searches are allowed. Answer with what you have.',
    );
  }
  return judged;
}

function countServerCalls(run: Run): number {
  const made = ({ origin, status }: ToolCall) => origin !== undefined && status !== 'denied';
  return [...run.steps.values()].flatMap(({ tool_calls }) => tool_calls.filter(made)).length;
}

const READING = ['read_file', 'search_files', 'csv_query'];

/** Whether anything of a file has come into this turn: from then on a search query could carry it away. */
export function hasReadFile(run: Run): boolean {
  const read = ({ tool, status }: ToolCall) => status === 'completed' && READING.includes(tool);
  return [...run.steps.values()].some(({ tool_calls }) => tool_calls.some(read));
}
