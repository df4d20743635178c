import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer } from '../../../tests/support/model-server.ts';
import { say } from '../../say.ts';
import { createRoom, createUsers, type Headers } from '../turns/pantheon.ts';
import { percentile, startProduct } from './product.ts';

const FILE = Buffer.from('The budget is 4,200 euros. The first milestone is in March.\n'.repeat(200));

/**
 * A closed beta of so many people, squeezed into some minutes: each comes at a moment of their own, makes a room of three,
 * attaches a file, sends three messages and reads the answers, looks around, and every fifth one deletes the room. The purge
 * runs meanwhile on what the database says is due at once.
 */
export async function benchBeta({ people, minutes }: { people: number; minutes: number }): Promise<void> {
  const model = await startModelServer({ defaults: { tokens: 50, firstTokenDelayMs: 200, tokenDelayMs: 10 } });
  const product = await startProduct({ LLM_BASE_URL: model.baseUrl, LIMIT_API_REQUESTS: '1000000' });
  const { url } = product.server;
  const users = await createUsers(product.databaseUrl, people);
  const calls: number[] = [];
  const firstMs: number[] = [];
  const refused = new Map<string, number>();
  let turns = 0;
  let files = 0;
  let gone = 0;

  async function call(headers: Headers, path: string, init: { method?: string; body?: unknown } = {}) {
    const startedAt = performance.now();
    const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
    const response = await fetch(`${url}/api/v1${path}`, { method: init.method ?? 'GET', headers, ...body });
    const text = await response.text();
    calls.push(performance.now() - startedAt);
    if (!response.ok) {
      const kind = `${init.method ?? 'GET'} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')}: ${response.status}`;
      refused.set(kind, (refused.get(kind) ?? 0) + 1);
      return null;
    }
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  }

  async function attach(headers: Headers, room: string): Promise<string[]> {
    const asked = await call(headers, `/rooms/${room}/files`, {
      method: 'POST',
      body: { name: 'plan.txt', size: FILE.length, mimeType: 'text/plain' },
    });
    if (!asked) return [];
    const { file, upload } = asked as { file: { id: string }; upload: { url: string; headers: Headers } };
    await fetch(new URL(upload.url, url), { method: 'PUT', headers: upload.headers, body: FILE });
    await call(headers, `/files/${file.id}/complete`, { method: 'POST', body: {} });
    for (let tries = 0; tries < 60; tries += 1) {
      const now = await call(headers, `/files/${file.id}`);
      if (now?.['status'] === 'ready') {
        files += 1;
        return [file.id];
      }
      await sleep(500);
    }
    refused.set('a file was not read within 30 s', (refused.get('a file was not read within 30 s') ?? 0) + 1);
    return [];
  }

  async function converse(headers: Headers, room: string, fileIds: string[]): Promise<void> {
    const sentAt = performance.now();
    const body = { message: 'What should we do first?', fileIds };
    const sent = await call(headers, `/rooms/${room}/turns`, { method: 'POST', body });
    if (!sent) return;
    const { id } = sent['turn'] as { id: string };
    const events = await fetch(`${url}/api/v1/turns/${id}/events`, { headers });
    let text = '';
    let seen = false;
    for await (const piece of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text = (text + piece).slice(-4_000);
      if (!seen && text.includes('event: step_delta')) {
        seen = true;
        firstMs.push(performance.now() - sentAt);
      }
    }
    turns += 1;
    if (!text.includes('event: turn_completed'))
      refused.set('a turn did not complete', (refused.get('a turn did not complete') ?? 0) + 1);
  }

  async function live(headers: Headers, n: number): Promise<void> {
    await sleep((n / people) * minutes * 60_000 * 0.9);
    const room = await createRoom(url, headers);
    const fileIds = n % 2 === 0 ? await attach(headers, room) : [];
    for (let sent = 0; sent < 3; sent += 1) {
      await converse(headers, room, sent === 0 ? fileIds : []);
      await call(headers, `/rooms/${room}/messages?limit=50`);
      await call(headers, '/wallet');
    }
    await call(headers, '/usage');
    await call(headers, '/search?q=budget');
    if (n % 5 !== 0) return;
    if (await call(headers, `/rooms/${room}`, { method: 'DELETE' })) gone += 1;
    await product.db.query(`UPDATE rooms SET deleted_at = deleted_at - interval '8 days' WHERE id = $1`, [room]);
  }

  say(`beta: ${people} people in ${minutes} minutes`);
  const delays: number[] = [];
  let over = false;
  const watch = async () => {
    while (!over) {
      await sleep(5_000);
      delays.push((await product.metric('nodejs_eventloop_lag_p99_seconds')) * 1_000);
    }
  };
  const watching = watch();
  await Promise.all(users.map(({ headers }, n) => live(headers, n)));
  over = true;
  await watching;
  const memory = await product.memory();
  say(`  ${turns} turns, ${files} files read, ${gone} rooms deleted, ${calls.length} other requests`);
  say(`  not answered with success: ${[...refused].map(([kind, count]) => `${kind} ×${count}`).join(', ') || 'none'}`);
  say(`  requests p50 ${percentile(calls, 0.5).toFixed(1)} ms, p95 ${percentile(calls, 0.95).toFixed(1)} ms`);
  say(
    `  first token p50 ${percentile(firstMs, 0.5).toFixed(0)} ms, p95 ${percentile(firstMs, 0.95).toFixed(0)} ms (the model's own: 200)`,
  );
  say(
    `  event-loop delay p99 of each 5 s: median ${percentile(delays, 0.5).toFixed(0)} ms, worst ${Math.max(...delays).toFixed(0)} ms; memory at most ${memory.peak.toFixed(0)} MB`,
  );
  await product.close();
  await model.close();
}
