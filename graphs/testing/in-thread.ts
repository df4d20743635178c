import { RECURSION_LIMIT } from '../state.ts';

let threads = 0;

/** The options of a run as the turn engine passes them: a thread of its own, each superstep saved before the next. */
export function inThread(threadId = `thread-${(threads += 1)}`) {
  return { configurable: { thread_id: threadId }, durability: 'sync' as const, recursionLimit: RECURSION_LIMIT };
}
