import { describe, expect, it } from 'vitest';
import type { Quote, Transaction, Wallet } from '#server/billing/contract.ts';
import { verifyLedger } from '#server/billing/verify-ledger.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { Receipt, UsageReport } from '#server/usage/contract.ts';
import { reconcileCosts } from '#server/usage/reconcile-costs.ts';
import { startTestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { startStripeServer } from '../support/stripe-server.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';

const stripe = await startStripeServer();
const product = await startTestApp({ env: stripe.env });
const plain = await startTestApp();

const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
const walletOf = async (client: Client) => (await client.get<Wallet>('/wallet')).body;

describe('AT-008 FR-BILL-001 FR-BILL-002 a turn’s receipt', () => {
  it('has one row per call that the provider served, each with its formula, and sums to the charge', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada', 'Bo'], mode: 'orchestrator' });
    product.modelServer.clearLog();
    const turn = await runTurn(client, room.id, 'What is a monad?');
    const { body: receipt } = await client.get<Receipt>(`/turns/${turn.id}/receipt`);
    expect(turn.status).toBe('completed');
    expect(receipt.calls).toHaveLength(product.modelServer.log.length);
    expect(receipt.calls.map(({ purpose }) => purpose)).toEqual(
      expect.arrayContaining(['manager', 'agent', 'synthesis']),
    );
    expect(receipt.sumMicroCredits).toBe(turn.chargedMicroCredits);
    expect(receipt.chargedMicroCredits).toBe(turn.chargedMicroCredits);
    expect(receipt.reservedMicroCredits).toBe('0');
    for (const call of receipt.calls) {
      const [, fresh, cached, output, multiplier, result] =
        /^⌈\(35 × (\d+) \+ 10 × (\d+) \+ 100 × (\d+)\) × ([\d.]+)⌉ = (\d+)$/.exec(call.formula) ?? [];
      expect(Number(fresh) + Number(cached)).toBe(call.promptTokens);
      const oe = 35 * Number(fresh) + 10 * Number(cached) + 100 * Number(output);
      expect(Math.ceil(Number((oe * Number(multiplier)).toFixed(4)))).toBe(Number(result));
      expect(result).toBe(call.chargedMicroCredits);
    }
    const rows = await product.db.query(`SELECT * FROM llm_call_events WHERE turn_id = $1`, [turn.id]);
    const fields =
      'user_id room_id turn_id step_id agent_id provider model prompt_tokens completion_tokens cached_tokens total_tokens provider_cost_usd credits_burned latency_ms status pricing_version request_id';
    expect(Object.keys(rows.rows[0] as object)).toEqual(expect.arrayContaining(fields.split(' ')));
  });

  it('is its owner’s: someone else’s is absent', async () => {
    const [mine, theirs] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(mine.client, { agents: ['Ada'] });
    const turn = await runTurn(mine.client, room.id, '@Ada hello');
    expect((await theirs.client.get(`/turns/${turn.id}/receipt`)).status).toBe(404);
    expect((await product.client().get(`/turns/${turn.id}/receipt`)).status).toBe(401);
  });
});

describe('the wallet, the ledger and what was used', () => {
  it('add up, in rooms as in direct chats (FR-DIRECT-003)', async () => {
    const { client } = await product.createUser({ microCredits: 40_000_000n });
    const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
    const direct = await createDirectSession(client, 'Cy');
    const turns = [
      await runTurn(client, room.id, '@all hello'),
      await runTurn(client, { directSessionId: direct.id }, 'hello'),
    ];
    const charged = sum(turns.map((turn) => turn.chargedMicroCredits));
    const wallet = await walletOf(client);
    expect(wallet).toEqual({
      balanceMicroCredits: String(40_000_000n - charged),
      planMicroCredits: '0',
      topUpMicroCredits: String(40_000_000n - charged),
      reservedMicroCredits: '0',
      debtMicroCredits: '0',
      plan: null,
      periodEnd: null,
    });
    const rows: Transaction[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/wallet/transactions?limit=3${cursor ? `&cursor=${cursor}` : ''}`;
      const page: { items: Transaction[]; nextCursor: string | null } = (
        await client.get<{ items: Transaction[]; nextCursor: string | null }>(path)
      ).body;
      rows.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(String(sum(rows.map(({ microCredits }) => microCredits)))).toBe(wallet.balanceMicroCredits);
    for (const groupBy of ['model', 'day', 'room', 'agent'] as const) {
      const { body } = await client.get<UsageReport>(`/usage?groupBy=${groupBy}`);
      expect(body.total).toMatchObject({ calls: 3, chargedMicroCredits: String(charged) });
      expect(sum(body.items.map((row) => row.chargedMicroCredits))).toBe(charged);
    }
    const byAgent = (await client.get<UsageReport>('/usage?groupBy=agent')).body.items.map(({ label }) => label);
    expect(byAgent.toSorted()).toEqual(['Ada', 'Bo', 'Cy']);
  });

  it('a period that ends before it begins is a bad query; an unknown group as well', async () => {
    const { client } = await product.createUser();
    expect((await client.get('/usage?from=2026-02-01&to=2026-01-01')).status).toBe(400);
    expect((await client.get('/usage?groupBy=colour')).status).toBe(400);
    expect((await client.get<UsageReport>('/usage?from=2026-01-01&to=2026-01-31')).body.to).toBe(
      '2026-02-01T00:00:00.000Z',
    );
  });

  it('exports CSV that no spreadsheet runs', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { name: '=HYPERLINK("http://evil.test")', agents: ['Ada'] });
    await runTurn(client, room.id, '@Ada hello');
    const { body, headers } = await client.get<string>('/usage?groupBy=room', { Accept: 'text/csv' });
    expect(headers.get('Content-Type')).toContain('text/csv');
    expect(body).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
  });

  it('absurd usage from a provider raises nothing', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    const before = BigInt((await walletOf(client)).balanceMicroCredits);
    product.modelServer.setRules([
      {
        behaviour: {
          usage: { prompt_tokens: -1_000_000, completion_tokens: -1_000_000, total_tokens: -2_000_000 },
        },
      },
    ]);
    await runTurn(client, room.id, '@Ada hello');
    product.modelServer.setRules([]);
    expect(BigInt((await walletOf(client)).balanceMicroCredits)).toBeLessThanOrEqual(before);
  });
});

describe('prepaid means prepaid', () => {
  it('200 sends at once with credit for 37: exactly 37 run, and 402 says what is missing', async () => {
    // This process takes messages on and runs none, so that nothing is given back while they come in.
    const door = await startTestApp({ env: { PANTHEON_ROLE: 'web' } });
    const seat = async (client: Client, name: string) => (await createRoom(client, { agents: [name] })).id;
    const scout = (await door.createUser()).client;
    const first = await sendTurn(scout, await seat(scout, 'Eve'), '@Eve hello', { parentTurnId: null });
    const hold = BigInt(first.reservedMicroCredits);
    expect(hold).toBeGreaterThan(0n);

    const { client } = await door.createUser({ microCredits: hold * 37n + hold - 1n });
    const roomId = await seat(client, 'Ada');
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        client.post<{ turn: Turn; code: string }>(`/rooms/${roomId}/turns`, {
          message: '@Ada hello',
          parentTurnId: null,
        }),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 402);
    expect([accepted.length, refused.length]).toEqual([37, 163]);
    expect(refused[0]?.body).toMatchObject({
      code: 'insufficient_credits',
      topUpUrl: '/billing',
      missingMicroCredits: expect.stringMatching(/^\d+$/),
    });
    await startTestApp({
      databaseUrl: door.databaseUrl,
      modelServer: door.modelServer,
      env: { PANTHEON_ROLE: 'worker' },
    });
    for (const { body } of accepted) await waitForTurn(client, body.turn.id, { timeoutMs: 120_000 });
    expect(door.modelServer.log.filter(({ system }) => system.includes('You are Ada'))).toHaveLength(37);
    const wallet = await walletOf(client);
    expect(wallet.reservedMicroCredits).toBe('0');
    expect(BigInt(wallet.balanceMicroCredits)).toBe(
      hold * 38n -
        1n -
        sum(
          await chargesOf(
            client,
            accepted.map(({ body }) => body.turn.id),
          ),
        ),
    );
  }, 180_000);

  it('a stopped turn gives back what it did not use', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    product.modelServer.setRules([{ behaviour: { hang: 'mid_stream', afterTokens: 5 } }]);
    const turn = await sendTurn(client, room.id, '@Ada hello');
    await waitForTurn(client, turn.id, { until: ['running'] });
    expect(BigInt((await walletOf(client)).reservedMicroCredits)).toBe(BigInt(turn.reservedMicroCredits));
    await client.post(`/turns/${turn.id}/stop`);
    const stopped = await waitForTurn(client, turn.id);
    product.modelServer.setRules([]);
    expect(stopped).toMatchObject({ status: 'cancelled', reservedMicroCredits: '0' });
    expect((await walletOf(client)).reservedMicroCredits).toBe('0');
  });

  it('the cap that an admin set counts what is spent and what is set aside', async () => {
    const { client, id } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    await product.db.query('UPDATE users SET monthly_cap_micro_credits = 1 WHERE id = $1', [id]);
    const refused = await client.post<{ code: string }>(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
    expect([refused.status, refused.body.code]).toEqual([402, 'monthly_cap_reached']);
    expect((await walletOf(client)).reservedMicroCredits).toBe('0');
  });

  it('FR-PLAN-001 a model that the plan lacks is refused at save and at send', async () => {
    const { client, id } = await product.createUser({ plan: 'power' });
    const room = await createRoom(client, { agents: [{ name: 'Ada', modelAlias: 'premium' }] });
    await product.db.query(`UPDATE subscriptions SET status = 'canceled' WHERE user_id = $1`, [id]);
    for (const path of ['turns', 'quote']) {
      const refused = await client.post<{ code: string }>(`/rooms/${room.id}/${path}`, { message: '@Ada hello' });
      expect([refused.status, refused.body.code]).toEqual([403, 'model_not_allowed']);
    }
    const saved = await client.post<{ code: string }>(`/rooms/${room.id}/agents`, {
      name: 'Bo',
      modelAlias: 'premium',
      rolePrompt: 'x',
    });
    expect([saved.status, saved.body.code]).toEqual([403, 'model_not_allowed']);
  });
});

describe('a quote', () => {
  it('is never above what the send reserves, and answers as the send would', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
    const none = await client.post<{ code: string }>(`/rooms/${room.id}/quote`, { message: 'nobody is tagged' });
    expect([none.status, none.body.code]).toEqual([422, 'no_valid_tags']);
    const { body: quote } = await client.post<Quote>(`/rooms/${room.id}/quote`, { message: '@Bo hello' });
    expect(quote.agents.map(({ agentName }) => agentName)).toEqual(['Bo']);
    const turn = await sendTurn(client, room.id, '@Bo hello');
    expect(BigInt(quote.maxMicroCredits)).toBeLessThanOrEqual(BigInt(turn.reservedMicroCredits));
    expect(quote.reservedMicroCredits, 'what it would set aside is what the send did').toBe(turn.reservedMicroCredits);
    const done = await waitForTurn(client, turn.id);
    expect(BigInt(done.chargedMicroCredits)).toBeGreaterThanOrEqual(BigInt(quote.minMicroCredits));
    expect(BigInt(done.chargedMicroCredits)).toBeLessThanOrEqual(BigInt(quote.maxMicroCredits));
  });
});

describe('buying, over HTTP', () => {
  it('a top-up arrives by webhook and job; the same delivery again changes nothing (AT-010)', async () => {
    const { client } = await product.createUser({ microCredits: 0n });
    const { body } = await client.post<{ url: string }>('/billing/checkout', { topUp: 500 });
    const from = stripe.events.length;
    stripe.completeCheckout(body.url.split('/').at(-1) ?? '');
    const deliver = async () => {
      for (const event of stripe.events.slice(from)) {
        const { body: raw, signature } = stripe.sign(event);
        const answer = await product.client().fetch('/api/v1/billing/webhook', {
          method: 'POST',
          body: raw,
          headers: {
            'Content-Type': 'application/json',
            'Stripe-Signature': signature,
            Origin: 'https://stripe.com',
            'Sec-Fetch-Site': 'cross-site',
          },
        });
        expect(answer.status).toBe(200);
      }
    };
    await deliver();
    await expect.poll(async () => (await walletOf(client)).topUpMicroCredits, { timeout: 15_000 }).toBe('500000000');
    await deliver();
    await expect
      .poll(async () => (await product.db.query(`SELECT 1 FROM stripe_events WHERE applied_at IS NULL`)).rowCount, {
        timeout: 15_000,
      })
      .toBe(0);
    expect((await walletOf(client)).balanceMicroCredits).toBe('500000000');
    expect((await client.post<{ url: string }>('/billing/portal')).body.url).toMatch(/^https:/);
  });

  it('a webhook that Stripe didn’t sign is 400 bad_signature', async () => {
    const { body, signature } = stripe.sign({ id: 'evt_x', type: 'payment_intent.succeeded', object: { id: 'pi_x' } });
    for (const headers of [
      {},
      { 'Stripe-Signature': 'nonsense' },
      { 'Stripe-Signature': signature.replace(/.$/, '0x') },
    ]) {
      const answer = await product.client().fetch('/api/v1/billing/webhook', { method: 'POST', body, headers });
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { code: string }).code).toBe('bad_signature');
    }
  });

  it('unknown plans and packs, and asking for both or nothing, are 422', async () => {
    const { client } = await product.createUser();
    for (const wanted of [
      { plan: 'gold' },
      { topUp: 7 },
      {},
      { plan: 'pro', topUp: 500 },
      { topUp: -5 },
      { plan: '__proto__' },
    ]) {
      expect([(await client.post('/billing/checkout', wanted)).status, wanted]).toEqual([422, wanted]);
    }
  });

  it('without Stripe it says that nothing is sold, on the pages too', async () => {
    const { client } = await plain.createUser();
    for (const [path, body] of [
      ['/billing/checkout', { plan: 'pro' }],
      ['/billing/portal', {}],
      ['/billing/webhook', {}],
    ] as const) {
      const answer = await client.post<{ code: string }>(path, body);
      expect([answer.status, answer.body.code]).toEqual([501, 'not_configured']);
    }
    expect(await (await client.fetch('/billing')).text()).toContain('Payments are not configured');
  });
});

describe('the pages', () => {
  it('show balance, lots, usage, transactions and receipts', async () => {
    const { client } = await product.createUser({ plan: 'pro' });
    const room = await createRoom(client, { agents: ['Ada'] });
    const turn = await runTurn(client, room.id, '@Ada hello');
    for (const [path, text] of [
      ['/billing', 'Welcome credits'],
      ['/billing/transactions', 'A call was paid'],
      ['/usage?groupBy=agent', 'Ada'],
      [`/turns/${turn.id}/receipt`, 'micro-credits'],
    ] as const) {
      const page = await client.fetch(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(await page.text()).toContain(text);
    }
    expect((await client.fetch('/usage.csv?groupBy=day')).headers.get('Content-Disposition')).toContain('attachment');
  });
});

it('our cost is compared with the provider’s each day, and a drift above 1 % is flagged', async () => {
  const { client } = await plain.createUser();
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  const day = new Date().toISOString().slice(0, 10);
  const [same] = await reconcileCosts(plain.app, { day });
  expect(same).toMatchObject({ modelAlias: 'llama', flagged: false });
  plain.modelServer.setRules([{ behaviour: { cost: 5 } }]);
  await runTurn(client, room.id, '@Ada hello');
  plain.modelServer.setRules([]);
  const [drifted] = await reconcileCosts(plain.app, { day });
  expect(drifted?.flagged).toBe(true);
  expect(await plain.app.prisma.costReconciliation.count({ where: { flagged: true } })).toBe(1);
});

it('after all this every balance and charge is recomputed from its rows, with no drift (I3)', async () => {
  for (const app of [product.app, plain.app]) expect((await verifyLedger(app)).drifts).toEqual([]);
});

async function chargesOf(client: Client, turnIds: string[]): Promise<string[]> {
  const charges: string[] = [];
  for (const id of turnIds) charges.push((await client.get<Turn>(`/turns/${id}`)).body.chargedMicroCredits);
  return charges;
}
