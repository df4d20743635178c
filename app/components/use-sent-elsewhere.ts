import { useEffect, useRef } from 'react';
import { useMarks } from '#app/components/marks-context.ts';

/**
 * Loads a conversation’s page again, once, when something was sent there that it doesn’t show: on another device, in another tab,
 * by a program.
 */
export function useSentElsewhere(conversationId: string, shows: (turnId: string) => boolean, reload: () => void): void {
  const { newest } = useMarks();
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (newest?.conversationId !== conversationId || newest.turnId === asked.current || shows(newest.turnId)) return;
    asked.current = newest.turnId;
    reload();
  });
}
