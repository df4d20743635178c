import type { ModelFailureCode, ModelTimeouts } from './port.ts';

export type Deadlines = {
  /** Aborts when the caller's signal does or a time has run out. */
  signal: AbortSignal;
  /** Why it aborted: the first cause wins. */
  cause(): ModelFailureCode | null;
  connected: () => void;
  /** Something of the answer arrived. Comments that keep a connection alive don't count. */
  progressed(): void;
  /** Ends all clocks; unless the answer is whole, the upstream request is closed. */
  end(options: { whole: boolean }): void;
};

/** Four clocks for one call: connect, then first token, then idle between tokens, and total over all of them. */
export function startDeadlines(timeouts: ModelTimeouts, callerSignal: AbortSignal): Deadlines {
  const controller = new AbortController();
  let cause: ModelFailureCode | null = null;
  let idle: NodeJS.Timeout | null = null;
  const stop = (code: ModelFailureCode) => {
    if (cause) return;
    cause = code;
    controller.abort();
  };
  const after = (milliseconds: number, code: ModelFailureCode) => setTimeout(() => stop(code), milliseconds);
  const onCallerAbort = () => stop('aborted');
  if (callerSignal.aborted) onCallerAbort();
  else callerSignal.addEventListener('abort', onCallerAbort, { once: true });

  const total = after(timeouts.totalMs, 'total_timeout');
  let waiting = after(timeouts.connectMs, 'connect_timeout');
  return {
    signal: controller.signal,
    cause: () => cause,
    connected() {
      if (controller.signal.aborted || idle) return;
      clearTimeout(waiting);
      waiting = after(timeouts.firstTokenMs, 'first_token_timeout');
    },
    progressed() {
      if (idle) return void idle.refresh();
      if (controller.signal.aborted) return;
      clearTimeout(waiting);
      idle = after(timeouts.idleMs, 'idle_timeout');
    },
    end({ whole }) {
      callerSignal.removeEventListener('abort', onCallerAbort);
      clearTimeout(total);
      clearTimeout(waiting);
      if (idle) clearTimeout(idle);
      if (!whole) controller.abort();
    },
  };
}
