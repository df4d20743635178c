import type { Turn, TurnMode } from '#server/turns/contract.ts';
import type { Client } from '#tests/support/client.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { sendTurn } from '#tests/support/turns.ts';

export const MODES: readonly TurnMode[] = ['manual', 'roundtable', 'orchestrator', 'direct'];

/** A process that is there, whichever; waits while there is none. */
export type AnyClient = () => Promise<Client>;

export type Place = string | { directSessionId: string };

/** A conversation that nothing was said in yet, with the same agents each time: what they are asked is the same too. */
export async function openConversation(client: Client, mode: TurnMode): Promise<Place> {
  if (mode === 'direct') return { directSessionId: (await createDirectSession(client, 'Ada')).id };
  return (await createRoom(client, { mode, agents: ['Ada', 'Ben', 'Cleo'] })).id;
}

export const MESSAGE = '@all What is worth keeping when everything else is lost?';

/** Sends it to whichever process answers, with one Idempotency-Key, until one has accepted it. */
export async function sendUntilAccepted(
  anyClient: AnyClient,
  place: Place,
  { message = MESSAGE, key }: { message?: string; key: string },
): Promise<Turn> {
  return untilAnswered(async () => sendTurn(await anyClient(), place, message, { idempotencyKey: key }));
}

/** Repeats what failed because nobody was there. An answer that is a refusal is thrown. */
export async function untilAnswered<T>(ask: () => Promise<T>, timeoutMs = 600_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isConnectionFailure(error) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof TypeError || error.name === 'AbortError' || /: 503 /.test(error.message);
}

/** What a person sees of a turn in the end, without ids, times and who served it. */
export function timelineOf(turn: Turn) {
  return {
    status: turn.status,
    failedSteps: turn.failedSteps,
    charged: turn.chargedMicroCredits,
    steps: turn.steps.map(({ index, kind, agentName, status, instruction, content, usage }) => {
      const { promptTokens, completionTokens, cachedTokens } = usage;
      return { index, kind, agentName, status, instruction, content, promptTokens, completionTokens, cachedTokens };
    }),
  };
}
