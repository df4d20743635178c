import { useCallback, useEffect, useRef, useState } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { ApiProblem, callApi } from '#app/components/api.ts';
import { requestKey } from '#app/components/request-key.ts';

export type SendRequest = { message: string; fileIds?: readonly string[]; parentTurnId?: string | null };

/** Sends messages of one conversation. The same text sent again after a failure is the same send. Its functions never change. */
export function useSend(turnsPath: string, onAccepted: (turn: Turn) => void) {
  const attempt = useRef<{ body: string; key: string } | null>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const accepted = useRef(onAccepted);
  useEffect(() => {
    accepted.current = onAccepted;
  });

  // Who is back need not read that nobody could be reached.
  useEffect(() => {
    const back = () => setProblem((told) => (told?.status === 0 ? null : told));
    window.addEventListener('online', back);
    return () => window.removeEventListener('online', back);
  }, []);

  /** True when the server has the message. */
  const send = useCallback(
    async (request: SendRequest): Promise<boolean> => {
      const body = JSON.stringify(request);
      if (attempt.current?.body !== body) attempt.current = { body, key: requestKey() };
      setSending(true);
      setProblem(null);
      try {
        const { turn } = await callApi<{ turn: Turn }>('POST', turnsPath, {
          body: request,
          headers: { 'Idempotency-Key': attempt.current.key },
        });
        attempt.current = null;
        accepted.current(turn);
        return true;
      } catch (error) {
        setProblem(error instanceof ApiProblem ? error : new ApiProblem(0, {}));
        return false;
      } finally {
        setSending(false);
      }
    },
    [turnsPath],
  );

  return { send, sending, problem, clearProblem: useCallback(() => setProblem(null), []) };
}
