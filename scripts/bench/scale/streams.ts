import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'node:http';
import { createParser } from 'eventsource-parser';
import { startModelServer } from '../../../tests/support/model-server.ts';
import { say } from '../../say.ts';
import { createRoom, createUsers, type Headers } from '../turns/pantheon.ts';
import { percentile, startProduct } from './product.ts';

const SILENT = 'Say nothing';
const AT_LENGTH = 'Say it at length';
const SECONDS = 60;
const READERS_PER_TURN = 50;
const NEVER_READ = 100;

export async function benchStreams({ streams, turns }: { streams: number; turns: number }): Promise<void> {
  const model = await startModelServer({
    defaults: { tokens: 50, firstTokenDelayMs: 200, tokenDelayMs: 10 },
    rules: [
      { match: { anyMessage: SILENT }, behaviour: { hang: 'first_token' } },
      // What people read: some 200 words, at 50 tokens a second.
      { match: { anyMessage: AT_LENGTH }, behaviour: { tokens: 300, firstTokenDelayMs: 500, tokenDelayMs: 20 } },
    ],
  });
  const product = await startProduct({
    LLM_BASE_URL: model.baseUrl,
    LIMIT_RUNNING_TURNS: '1000',
    LIMIT_API_REQUESTS: '1000000',
  });
  const { url } = product.server;
  const silent = Math.ceil(streams / READERS_PER_TURN);
  const users = (await createUsers(product.databaseUrl, silent + 2 * turns)).map(({ headers }) => headers);
  const rooms: string[] = [];
  for (const headers of users) rooms.push(await createRoom(url, headers));
  const send = async (n: number, message: string) => {
    const body = JSON.stringify({ message });
    const response = await fetch(`${url}/api/v1/rooms/${rooms[n]}/turns`, {
      method: 'POST',
      headers: users[n] ?? {},
      body,
    });
    if (response.status !== 202) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { turn: { id: string } }).turn.id;
  };

  say('streams: quiet');
  const before = await product.memory();
  const quiet: { close: () => void }[] = [];
  for (let n = 0; n < silent; n += 1) {
    const turnId = await send(n, SILENT);
    for (let reader = 0; reader < READERS_PER_TURN && quiet.length < streams; reader += 1) {
      quiet.push(await openStream(`${url}/api/v1/turns/${turnId}/events`, users[n] ?? {}));
    }
  }
  await sleep(5_000);
  const idle = await product.memory();
  say(
    `  ${quiet.length} quiet streams: ${idle.now.toFixed(0)} MB (${before.now.toFixed(0)} before), ` +
      `${(((idle.now - before.now) * 1_024) / quiet.length).toFixed(0)} KB each`,
  );

  const goOn = async (n: number, { message, until, seen }: { message: string; until: number; seen: Seen }) => {
    while (Date.now() < until) {
      const sentAt = performance.now();
      const turnId = await send(n, message);
      const read = await readTurn(`${url}/api/v1/turns/${turnId}/events`, users[n] ?? {});
      seen.turns += 1;
      seen.events += read.events;
      seen.firstMs.push(read.firstDeltaAt - sentAt);
      if (!read.whole) seen.broken += 1;
    }
  };
  /** People `from` on send this again and again, the first time `apartMs` after each other. */
  const keepSending = async (from: number, message: string, apartMs: number) => {
    const seen: Seen = { turns: 0, events: 0, broken: 0, firstMs: [], lagMs: [] };
    const until = Date.now() + turns * apartMs + SECONDS * 1_000;
    const people = Array.from({ length: turns }, async (_, n) => {
      await sleep(n * apartMs);
      await goOn(from + n, { message, until, seen });
    });
    await sleep(turns * apartMs);
    await product.metric('nodejs_eventloop_lag_p99_seconds'); // What was before is forgotten by being read.
    while (Date.now() < until) {
      await sleep(5_000);
      seen.lagMs.push((await product.metric('nodejs_eventloop_lag_p99_seconds')) * 1_000);
    }
    await Promise.all(people);
    const memory = await product.memory();
    const { firstMs, lagMs } = seen;
    const ms = (figures: number[], share: number) => percentile(figures, share).toFixed(0);
    say(`  ${seen.turns} turns, ${seen.events} events read, ${seen.broken} turns with a gap or no end`);
    say(`  event-loop delay p99 of each 5 s: median ${ms(lagMs, 0.5)} ms, worst ${ms(lagMs, 1)} ms`);
    say(`  first token p50 ${ms(firstMs, 0.5)} ms, p95 ${ms(firstMs, 0.95)} ms`);
    say(`  memory ${memory.now.toFixed(0)} MB, at most ${memory.peak.toFixed(0)} MB`);
    return memory;
  };
  say(`streams: and ${turns} running turns, each read, for ${SECONDS} s (three agents, 300 tokens at 50 a second)`);
  await keepSending(silent, AT_LENGTH, 50);
  say(`streams: and ${turns} people who send again as soon as they are answered, for ${SECONDS} s (50 tokens at 100)`);
  const busy = await keepSending(silent + turns, 'What should we do first?', 0);
  say(`  ${await product.metric('open_streams')} streams open`);

  say(`streams: ${NEVER_READ} readers that never read`);
  const deaf: { close: () => void }[] = [];
  for (let n = 0; n < NEVER_READ; n += 1) {
    const user = silent + turns + (n % turns);
    const turnId = await send(user, 'What should we do first?');
    deaf.push(await openStream(`${url}/api/v1/turns/${turnId}/events`, users[user] ?? {}));
  }
  await sleep(20_000);
  const after = await product.memory();
  say(`  memory ${after.now.toFixed(0)} MB (${busy.now.toFixed(0)} before)`);
  for (const stream of [...quiet, ...deaf]) stream.close();
  await product.close();
  await model.close();
}

type Seen = { turns: number; events: number; broken: number; firstMs: number[]; lagMs: number[] };

/** A reader that is answered and then never reads. */
function openStream(url: string, headers: Headers): Promise<{ close: () => void }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { ...headers, Accept: 'text/event-stream' }, agent: false });
    asked.once('error', reject);
    asked.once('response', (response) => {
      response.pause();
      response.on('error', () => undefined);
      if (response.statusCode !== 200) reject(new Error(`HTTP ${String(response.statusCode)}`));
      else resolve({ close: () => asked.destroy() });
    });
    asked.end();
  });
}

/** Reads a turn to its end; whole: numbered from 1 without a gap, with one terminal event, the last. */
async function readTurn(
  url: string,
  headers: Headers,
): Promise<{ events: number; whole: boolean; firstDeltaAt: number }> {
  const response = await fetch(url, { headers });
  if (!response.body) throw new Error(`HTTP ${response.status}`);
  const seen = { events: 0, whole: true, last: '', firstDeltaAt: Number.NaN };
  const parser = createParser({
    onEvent({ id, event = '' }) {
      seen.events += 1;
      seen.whole &&= Number(id) === seen.events;
      if (event === 'step_delta' && Number.isNaN(seen.firstDeltaAt)) seen.firstDeltaAt = performance.now();
      seen.last = event;
    },
  });
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) parser.feed(text);
  return { ...seen, whole: seen.whole && /^turn_(completed|failed|cancelled)$/.test(seen.last) };
}
