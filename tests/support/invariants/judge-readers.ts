import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../client.ts';
import { getTurn, readEvents } from '../turns.ts';

const AT_ONCE = 8;

/** I4 on the wire: every reader of a turn gets the same events, from any process, any transport and any point. */
export async function judgeReaders(readers: Client[], turnIds: string[]): Promise<string[]> {
  const violations: string[] = [];
  const waiting = [...turnIds];
  async function work(): Promise<void> {
    for (let turnId = waiting.pop(); turnId !== undefined; turnId = waiting.pop()) {
      violations.push(...(await judgeTurn(readers, turnId)));
    }
  }
  if (readers.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, work));
  return violations;
}

async function judgeTurn(readers: Client[], turnId: string): Promise<string[]> {
  const violations: string[] = [];
  const [first] = readers;
  if (!first) return violations;
  const whole = await readEvents(first, turnId);
  const at = Math.floor(Math.random() * (whole.length + 1));
  for (const reader of readers) {
    const [sse, resumed, ndjson, turn] = await Promise.all([
      reader === first ? whole : readEvents(reader, turnId),
      readEvents(reader, turnId, { lastEventId: at }),
      readEvents(reader, turnId, { transport: 'ndjson', after: at }),
      getTurn(reader, turnId),
    ]);
    const wrong = (what: string) => violations.push(`I4 ${what}: turn ${turnId} at ${reader.origin}, after ${at}`);
    if (whole.some((event, place) => event.seq !== place + 1)) wrong('a stream has a gap');
    if (!isDeepStrictEqual(sse, whole)) wrong('two processes tell a turn differently');
    if (!isDeepStrictEqual(resumed, whole.slice(at))) wrong('a resumed stream is not the rest of the whole one');
    if (!isDeepStrictEqual(ndjson, whole.slice(at))) wrong('NDJSON and SSE differ');
    const last = whole.at(-1)?.data;
    if (!isDeepStrictEqual(last, turn)) {
      wrong(`the last event is not the turn as it is: ${JSON.stringify(last)} / ${JSON.stringify(turn)}`);
    }
  }
  return violations;
}
