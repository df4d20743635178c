import { createDirectSession, createRoom } from '../../tests/support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../../tests/support/turns.ts';
import { signIn, type Client } from '../../tests/support/client.ts';
import { uploadAndParse } from '../../tests/support/files.ts';
import type { ModelServer } from '../../tests/support/model-server.ts';

export const OWNER = 'owner@pantheon.local';
export const ANALYST = 'analyst@pantheon.local';
export const DEMO = 'demo@pantheon.local';
export const NEWCOMER = 'newcomer@example.com';
const SUSPENDED = 'suspended@example.com';
const SPENT = 'spent@example.com';

const SUPPLY =
  '# Supply\n\nThe copper comes from two mines in Chile; both ship through Antofagasta.\n\n# Delivery\n\nThe lead time is 14 weeks from the order, 9 of them at sea. A deposit of 30 % holds the price.\n\n# Risks\n\nA strike in either port adds three weeks.\n';

const RICH = `Short answer: **yes, with a cap**. The queue is bounded by *arrivals × service time* [1], so what matters is the tail.

| plan | p50 | p99 | cost |
|---|---:|---:|---:|
| One worker | 180 ms | 4.2 s | $12 |
| Two workers | 120 ms | 0.9 s | $24 |
| Two, capped | 120 ms | 0.6 s | $24 |

By Little’s law $L = \\lambda W$, and with a cap $K$:

$$P_{\\text{full}} = \\frac{(1-\\rho)\\,\\rho^{K}}{1-\\rho^{K+1}}$$

\`\`\`ts
export async function takeNext(queue: Queue, limit = 64): Promise<Job | null> {
  if (queue.size > limit) throw new Busy('Try again in a moment.');
  return queue.shift() ?? null; // the oldest first
}
\`\`\`

1. Refuse early, with a clear message.
2. Measure what was refused, not only what was slow.

> A queue without a limit is a promise nobody made.`;

const POINTS = (who: string) =>
  `${who} looks at it from the side of what it costs to be wrong.\n\n- **Begin small:** two clients, four weeks, one number that would make you stop.\n- **Keep the way back:** nothing in the first month may be hard to undo.\n- **Say what you will not do:** no discount, no custom work.\n\nIf the number is not reached by the end of the month, the answer is no, and that is a result.`;

const LONG = Array.from(
  { length: 400 },
  (_, n) => `${['Consider', 'the', 'harbour', 'at', 'dawn,', 'when', 'the', 'first', 'boats', 'return'][n % 10]}`,
).join(' ');

/** Who write at the same time, for as long as photographs are taken. */
const COUNCIL = ['Eli', 'Fay', 'Gus', 'Hal'];

type Prices = { source: string; models: { alias: string }[]; toolCharges: object };
export type Filled = Awaited<ReturnType<typeof fill>>;

/** People, rooms and turns in every state that a page can show. */
export async function fill(url: string, model: ModelServer) {
  const [demo, owner] = [await signIn(url, DEMO), await signIn(url, OWNER)];
  model.setRules([
    {
      match: { lastMessage: 'lead time is 14' },
      behaviour: {
        text: 'Fourteen weeks from the order [2], nine of them at sea. A strike in **Antofagasta** would add three [3].',
      },
    },
    {
      match: { lastMessage: 'What is known of' },
      behaviour: { text: 'Prices rose by a fifth since spring [1]; most of it is freight.' },
    },
    {
      match: { lastMessage: 'How long does delivery take' },
      behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'supply.md' } }] },
    },
    {
      match: { lastMessage: 'price of copper' },
      behaviour: { text: '', toolCalls: [{ name: 'search_web', arguments: { query: 'price of copper' } }] },
    },
    { match: { lastMessage: 'worker', structured: false }, behaviour: { text: RICH, cachedTokens: 40 } },
    { match: { structured: false }, behaviour: { text: POINTS('This answer') } },
  ]);
  const { body } = await demo.get<{ items: { id: string; name: string }[] }>('/rooms');
  const seeded = (name: string) => body.items.find((room) => room.name.includes(name))?.id ?? '';
  await runTurn(demo, seeded('Hard questions'), 'Should a small firm let its people work from wherever they like?');
  await runTurn(demo, seeded('Big decisions'), 'Do we open a second workshop this year?');

  const engineering = await createRoom(demo, {
    name: 'Queueing and capacity planning for the winter release',
    mode: 'manual',
    agents: [
      { name: 'Analyst', modelAlias: 'qwen', toolPermissions: { search: true, files: true } },
      { name: 'Reviewer', modelAlias: 'llama' },
      { name: 'Editor in Chief', modelAlias: 'gpt_oss', active: false },
    ],
  });
  await uploadAndParse(demo, engineering.id, { name: 'supply.md', bytes: SUPPLY });
  await uploadAndParse(demo, engineering.id, {
    name: 'notes from the meeting with a rather long name.txt',
    bytes: 'Decided: two workers.',
  });
  await runTurn(demo, engineering.id, '@Analyst How long does delivery take?');
  await runTurn(demo, engineering.id, '@Analyst what is the price of copper?');
  const rich = await runTurn(demo, engineering.id, '@Analyst do we need a second worker for the queue?');
  await runTurn(demo, engineering.id, '@Reviewer and what would you say?', { parentTurnId: rich.id });
  await runTurn(demo, engineering.id, '@Reviewer @Analyst and what would both of you say to that?', {
    parentTurnId: rich.id,
  });
  await demo.put(`/messages/${rich.steps[0]?.id}/pin`);

  const failing = await createRoom(demo, {
    name: 'When things go wrong',
    mode: 'roundtable',
    agents: ['Ada', 'Bo', 'Cy'],
  });
  model.setRules([
    { match: { system: 'You are Bo' }, behaviour: { status: 400 } },
    { match: { lastMessage: 'everything' }, behaviour: { status: 400 } },
    { behaviour: { text: POINTS('Ada') } },
  ]);
  await runTurn(demo, failing.id, 'What would make this fail?');

  const session = await createDirectSession(demo, 'Ada');
  await runTurn(demo, { directSessionId: session.id }, 'Give me one reason not to do it.');
  const empty = await createRoom(demo, { name: 'An empty room', agents: ['Ada', 'Bo Lin'] });
  const bare = await createRoom(demo, { name: 'Nobody here yet' });
  const gone = await createRoom(demo, { name: 'Old plans', agents: ['Ada'] });
  await demo.delete(`/rooms/${gone.id}`);
  const share = await demo.post<{ url: string }>(`/turns/${rich.id}/shares`, { expiresAt: inDays(7) });
  const shareOfRoom = await demo.post<{ url: string }>(`/rooms/${engineering.id}/shares`, { expiresAt: inDays(30) });

  const suspended = await signIn(url, SUSPENDED);
  const quiet = await createRoom(suspended, { name: 'Read only', agents: ['Ada'] });
  await runTurn(suspended, quiet.id, '@Ada hello');
  await owner.patch(`/admin/users/${await idOf(owner, SUSPENDED)}`, { suspended: true, reason: 'For the pictures' });
  const spent = await signIn(url, SPENT);
  const broke = await createRoom(spent, { name: 'No credits left', mode: 'roundtable', agents: ['Ada'] });
  await owner.post(`/admin/users/${await idOf(owner, SPENT)}/credits`, {
    microCredits: '-99999000',
    reason: 'For the pictures',
  });
  await owner.post('/admin/invites', { email: 'somebody@example.com' });
  const prices = await owner.get<{ items: Prices[] }>('/admin/pricing-versions');
  const [{ source, models, toolCharges } = { source: '', models: [], toolCharges: {} }] = prices.body.items;
  const winter = { name: 'Winter prices', note: '', source, models, toolCharges, draft: true };
  const draft = await owner.post<{ id: number }>('/admin/pricing-versions', winter);
  await owner.put(`/admin/pricing-versions/${draft.body.id}`, {
    ...winter,
    models: models.map((price) =>
      price.alias === 'qwen' ? { ...price, inputUsdPerM: '0.12', multiplier: '0.75' } : price,
    ),
    toolCharges: { ...toolCharges, searchMicroCreditsPerCall: '1500000' },
  });

  const streaming = await createRoom(demo, { name: 'At work', mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  const atOnce = await createRoom(demo, { name: 'All at once', mode: 'manual', agents: COUNCIL });
  model.setRules([
    { match: { system: 'You are Bo' }, behaviour: { text: LONG, tokenDelayMs: 900 } },
    ...COUNCIL.map((name) => ({
      match: { system: `You are ${name}` },
      behaviour: { text: Array.from({ length: 60 }, () => POINTS(name)).join('\n\n'), tokenDelayMs: 150 },
    })),
    { behaviour: { text: POINTS('Ada') } },
  ]);
  await sendTurn(demo, atOnce.id, '@all What would you do first?');
  const running = await sendTurn(demo, streaming.id, 'Write about the harbour.');
  await waitForTurn(demo, running.id, { until: ['running'] });
  for (const message of ['And then about the boats.', 'Last, about the weather and what it does to both of them.']) {
    await sendTurn(demo, streaming.id, message);
  }
  return {
    clients: {
      demo,
      owner,
      suspended,
      spent,
      analyst: await signIn(url, ANALYST),
      newcomer: await signIn(url, NEWCOMER),
    },
    rooms: {
      research: seeded('Hard questions'),
      decision: seeded('Big decisions'),
      engineering: engineering.id,
      failing: failing.id,
      streaming: streaming.id,
      atOnce: atOnce.id,
      empty: empty.id,
      bare: bare.id,
      quiet: quiet.id,
      broke: broke.id,
    },
    session: session.id,
    turn: rich.id,
    shares: { turn: new URL(share.body.url).pathname, room: new URL(shareOfRoom.body.url).pathname },
    user: await idOf(owner, DEMO),
  };
}

async function idOf(owner: Client, email: string): Promise<string> {
  const { body } = await owner.get<{ items: { id: string }[] }>(`/admin/users?q=${encodeURIComponent(email)}`);
  return body.items[0]?.id ?? '';
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}
