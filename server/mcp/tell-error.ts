import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { App } from '#server/app.ts';
import { toldOf } from '#server/http/problem.ts';
import { isAppError, statusOf, type ErrorCode } from '#server/platform/errors.ts';

/** What the caller can do about it, where that is more than the message says. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  not_found: 'Call list_rooms for the ids of your rooms.',
  model_not_found: 'Call list_rooms for the ids of your rooms.',
  invalid_input: 'Correct the arguments and call again.',
  no_valid_tags: 'Name who is to answer in `agents`, or `all`; list_rooms says who is there.',
  no_active_agents: 'Ask the owner to add an agent to the room, or to switch one on.',
  scope_missing: 'Ask the owner for a key that may write: Settings → API keys.',
  suspended: 'Only the owner can have this lifted.',
  insufficient_credits: 'Ask the owner to buy credits: Billing. Nothing was sent.',
  monthly_cap_reached: 'Ask the owner to raise the cap: Billing. Nothing was sent.',
  model_not_allowed: 'Ask the owner to change the agent’s model, or the plan. Nothing was sent.',
  too_many_turns: 'Wait until a turn has ended, or stop one with stop_turn.',
};

/** A failed call as a result that a model can act on. */
export function tellError({ log }: Pick<App, 'log'>, error: unknown, requestId: string): CallToolResult {
  if (!isAppError(error) || statusOf(error.code) >= 500) log.error('a tool call failed', { requestId, error });
  const { code, message } = toldOf(error);
  const text = [`${message} (${code})`, ADVICE[code]].filter((part) => part !== undefined).join('\n');
  return {
    isError: true,
    content: [{ type: 'text', text }],
    _meta: { 'pantheon/code': code, 'pantheon/requestId': requestId },
  };
}
