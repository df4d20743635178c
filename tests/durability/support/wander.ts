import type { TurnEvent } from '#server/turns/contract.ts';
import { followEvents } from '#tests/support/turns.ts';
import { isConnectionFailure, type AnyClient } from './plays.ts';

/**
 * Reads a turn as a bad connection does: drops after a few events, comes back to whichever process is there, by
 * Last-Event-ID or `?after=`, by SSE or NDJSON, until the turn has ended. Throws at a gap or a repetition.
 */
export async function wander(anyClient: AnyClient, turnId: string, timeoutMs = 600_000): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  const deadline = Date.now() + timeoutMs;
  while (!hasEnded(events)) {
    if (Date.now() > deadline) {
      throw new Error(`After ${timeoutMs} ms the turn ${turnId} has not ended: ${events.at(-1)?.type ?? 'no event'}`);
    }
    const client = await anyClient();
    const drop = new AbortController();
    const patience = setTimeout(() => drop.abort(), 4_000);
    const last = events.length;
    const transport = Math.random() < 0.5 ? 'sse' : 'ndjson';
    const place = Math.random() < 0.5 ? { after: last } : { lastEventId: last };
    let left = 1 + Math.floor(Math.random() * 20);
    try {
      for await (const event of followEvents(client, turnId, { transport, ...place, signal: drop.signal })) {
        if (event.seq !== events.length + 1) {
          throw new Error(`I4 after event ${events.length} of ${turnId} came ${event.seq} (${transport})`);
        }
        events.push(event);
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (!isConnectionFailure(error) && !isBrokenStream(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      clearTimeout(patience);
    }
  }
  return events;
}

function hasEnded(events: TurnEvent[]): boolean {
  return ['turn_completed', 'turn_failed', 'turn_cancelled'].includes(events.at(-1)?.type ?? '');
}

/** A killed process may break a line off; what was whole before it counts. */
function isBrokenStream(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('The stream ended inside a line');
}
