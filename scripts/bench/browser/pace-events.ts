import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from '@playwright/test';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';

/** What a model writes in 40 ms at a hundred tokens a second, which is how often the product hands it down. */
const WORDS_AN_EVENT = 4;

/**
 * The events of a turn that ended, for a turn whose agents have said their first words: the others, a few an event and one agent
 * after the other, the ends of the steps, the end of the turn.
 */
export function retell(recorded: readonly TurnEvent[], from: Turn, to: Turn): TurnEvent[] {
  const pairs = from.steps.flatMap((step) => {
    const other = to.steps.find(({ index }) => index === step.index);
    return other ? [{ step, other }] : [];
  });
  const ids = [[from.id, to.id] as const, ...pairs.map(({ step, other }) => [step.id, other.id] as const)];
  const texts = pairs.map(({ step: { id, content }, other }) => ({
    id,
    pieces: cut(content.slice(other.content.length)),
  }));
  const longest = Math.max(...texts.map(({ pieces }) => pieces.length));
  const at = new Date().toISOString();
  const words = Array.from({ length: longest }, (_, n) =>
    texts.flatMap(({ id, pieces }) => {
      const text = pieces[n];
      return text === undefined ? [] : [{ type: 'step_delta', turnId: from.id, stepId: id, at, data: { text } }];
    }),
  ).flat();
  const ends = recorded.filter(({ type }) => type === 'step_completed' || type === 'turn_completed');
  return [...words, ...ends].map((event, n) => {
    const told = ids.reduce((text, [id, other]) => text.replaceAll(id, other), JSON.stringify(event));
    return { ...(JSON.parse(told) as TurnEvent), seq: to.lastSeq + n + 1 };
  });
}

/**
 * Gives a page these events as the product's own stream would, at a fixed pace: how many events a second a machine's server
 * writes to its log is not what its browser is measured by. The page asks the product's address and sees no difference.
 */
export async function paceEvents(cdp: CDPSession, events: readonly TurnEvent[], perSecond: number) {
  const gone = new AbortController();
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': keep-alive\n\n');
    tell(response, Number(request.headers['last-event-id'])).then(end, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  cdp.on('Fetch.requestPaused', ({ requestId }) => {
    cdp.send('Fetch.continueRequest', { requestId, url }).catch(() => undefined);
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*/events' }] });

  async function tell(response: ServerResponse, after: number): Promise<void> {
    await begun;
    const from = performance.now();
    for (const [n, { seq, type }] of events.entries()) {
      if (seq <= after) continue;
      await sleep(Math.max(0, from + (n * 1_000) / perSecond - performance.now()), undefined, { signal: gone.signal });
      response.write(`id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(events[n])}\n\n`);
    }
    response.end();
  }

  return {
    begin,
    ended,
    close: async () => {
      gone.abort();
      await cdp.send('Fetch.disable');
      server.closeAllConnections();
      server.close();
    },
  };
}

function cut(text: string): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  return Array.from({ length: Math.ceil(words.length / WORDS_AN_EVENT) }, (_, n) =>
    words.slice(n * WORDS_AN_EVENT, (n + 1) * WORDS_AN_EVENT).join(''),
  );
}
