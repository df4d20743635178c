import { beforeAll, describe, expect, it } from 'vitest';
import { createPricingVersion, ZCreatePricingVersion } from '#server/billing/create-pricing-version.ts';
import { expireCredits } from '#server/billing/expire-credits.ts';
import { verifyLedger } from '#server/billing/verify-ledger.ts';
import { transaction } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { createDataApp, type DataApp } from '../support/data-app.ts';

const OPERATIONS = Number(process.env['BILLING_OPERATIONS'] ?? 1_500);

let app: DataApp;
beforeAll(async () => {
  app = await createDataApp();
});

/** Turns and calls aside: these tests hold and charge without turns and usage rows. */
const drifts = async () => (await verifyLedger(app)).drifts.filter(({ check }) => /^(wallet|lot|hold)/.test(check));

const grant = (user: string, amount: number, key: string, expires: Date | null = null) =>
  ask<boolean>('SELECT grant_credits($1, $2, $3, $4, $5, $6, NULL) AS answer', [
    newId(),
    user,
    expires ? 'plan' : 'topup',
    key,
    amount,
    expires,
  ]);
const hold = (user: string, turn: string, amount: number) =>
  ask<boolean>('SELECT hold_credits($1, $2, $3) AS answer', [user, turn, amount]);
const charge = (user: string, turn: string, call: string, amount: number) =>
  ask<bigint>('SELECT charge_call($1, $2, $3, $4) AS answer', [user, turn, call, amount]);
const release = (user: string, turn: string) => ask<bigint>('SELECT release_hold($1, $2) AS answer', [user, turn]);
const expire = (user: string) => ask<bigint>('SELECT expire_credits($1) AS answer', [user]);

async function ask<T>(sql: string, values: unknown[]): Promise<T> {
  const { rows } = await app.db.query<{ answer: T }>(sql, values);
  return (rows[0] as { answer: T }).answer;
}

async function wallet(user: string) {
  const { rows } = await app.db.query<{ available: bigint; held: bigint; debt: bigint }>(
    `SELECT available_micro_credits AS available, held_micro_credits AS held, debt_micro_credits AS debt
     FROM credit_wallets WHERE user_id = $1`,
    [user],
  );
  return rows[0] ?? { available: 0n, held: 0n, debt: 0n };
}

describe('FR-PLAN-003 one engine for plan credits and top-ups', () => {
  it('what expires first is spent first, and a hold pins its lots', async () => {
    const { id } = await app.createUser();
    const turn = newId();
    await grant(id, 100, `top:${id}`);
    await grant(id, 50, `late:${id}`, new Date(Date.now() + 80_000_000));
    await grant(id, 30, `soon:${id}`, new Date(Date.now() + 3_600_000));
    await hold(id, turn, 120);
    const { rows } = await app.db.query(
      `SELECT split_part(source_key, ':', 1) AS lot, available_micro_credits AS available, held_micro_credits AS held
       FROM credit_lots WHERE user_id = $1 ORDER BY expires_at NULLS LAST`,
      [id],
    );
    expect(rows).toEqual([
      { lot: 'soon', available: 0n, held: 30n },
      { lot: 'late', available: 0n, held: 50n },
      { lot: 'top', available: 60n, held: 40n },
    ]);
    await charge(id, turn, newId(), 70);
    await release(id, turn);
    expect(await wallet(id)).toEqual({ available: 110n, held: 0n, debt: 0n });
  });

  it('plan credits end with their period, at once for spending and later in the books; top-ups stay', async () => {
    const { id } = await app.createUser();
    await grant(id, 70, `gone:${id}`, new Date(Date.now() - 1_000));
    await grant(id, 30, `stays:${id}`);
    expect(await hold(id, newId(), 31)).toBe(false);
    expect(await expireCredits(app)).toBeGreaterThan(0);
    expect(await wallet(id)).toEqual({ available: 30n, held: 0n, debt: 0n });
    expect(await hold(id, newId(), 30)).toBe(true);
  });

  it('200 holds at once with credit for 37: exactly 37', async () => {
    const { id } = await app.createUser();
    await grant(id, 37 * 1_000 + 999, `37:${id}`);
    const held = await Promise.all(Array.from({ length: 200 }, () => hold(id, newId(), 1_000)));
    expect(held.filter(Boolean)).toHaveLength(37);
    expect(await wallet(id)).toEqual({ available: 999n, held: 37_000n, debt: 0n });
  });
});

it(`${OPERATIONS} concurrent holds, charges, releases, grants, expiries and claw-backs, each delivered three times: nothing twice, nothing negative, no drift`, async () => {
  const users = await Promise.all(Array.from({ length: 6 }, async () => (await app.createUser()).id));
  const granted = new Map(users.map((user) => [user, 0n]));
  const charges: { user: string; turn: string; call: string; amount: number }[] = [];
  const turns: { user: string; turn: string; amount: number; answers: boolean[] }[] = [];
  const work: (() => Promise<unknown>)[] = [];
  const released = new Set<string>();
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  for (let place = 0; place < OPERATIONS; place += 1) {
    const user = users[random(users.length)] as string;
    const kind = random(10);
    const key = `op:${place}`;
    let operation: () => Promise<unknown>;
    if (kind < 2 || turns.length === 0) {
      const amount = 1 + random(5_000);
      const expires = random(3) === 0 ? new Date(Date.now() + random(4_000)) : null;
      granted.set(user, (granted.get(user) ?? 0n) + BigInt(amount));
      operation = () => grant(user, amount, key, expires);
    } else if (kind < 5) {
      const turn = { user, turn: newId(), amount: 1 + random(3_000), answers: [] as boolean[] };
      turns.push(turn);
      operation = async () => turn.answers.push(await hold(turn.user, turn.turn, turn.amount));
    } else if (kind < 7) {
      const turn = turns[random(turns.length)] as (typeof turns)[number];
      const call = { user: turn.user, turn: turn.turn, call: newId(), amount: random(600) };
      charges.push(call);
      operation = () => charge(call.user, call.turn, call.call, call.amount);
    } else if (kind < 9) {
      const turn = turns[random(turns.length)] as (typeof turns)[number];
      released.add(turn.turn);
      operation = () => release(turn.user, turn.turn);
    } else if (random(3) > 0) operation = () => expire(user);
    else {
      const amount = 1 + random(500);
      operation = () => ask('SELECT claw_back_credits($1, NULL, $2, $3) AS answer', [user, amount, key]);
    }
    for (let delivery = 0; delivery < 3; delivery += 1) work.push(operation);
  }
  // Deliveries of one operation are far apart as well as side by side.
  for (let at = work.length - 1; at > 0; at -= 1) {
    const other = Math.max(0, at - random(200));
    [work[at], work[other]] = [work[other] as () => Promise<unknown>, work[at] as () => Promise<unknown>];
  }
  const waiting = work.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const operation of waiting) await operation();
    }),
  );

  expect(await drifts()).toEqual([]);
  for (const user of users) {
    const { rows } = await app.db.query<Record<string, bigint>>(
      `SELECT coalesce(sum(available_delta) FILTER (WHERE kind = 'grant'), 0)::bigint AS granted,
         coalesce(-sum(held_delta) FILTER (WHERE kind = 'charge'), 0)::bigint AS charged,
         coalesce(-sum(available_delta) FILTER (WHERE kind IN ('expire', 'clawback', 'repay')), 0)::bigint AS gone
       FROM credit_transactions WHERE user_id = $1`,
      [user],
    );
    const { granted: arrived = 0n, charged = 0n, gone = 0n } = rows[0] ?? {};
    const { available, held, debt } = await wallet(user);
    expect(arrived).toBe(granted.get(user));
    expect(available + held).toBe(arrived - charged - gone);
    expect([available, held, debt].every((amount) => amount >= 0n)).toBe(true);
  }
  const paid = await app.db.query<{ call_id: string; paid: bigint }>(
    `SELECT call_id, sum(debt_delta - held_delta)::bigint AS paid FROM credit_transactions WHERE call_id IS NOT NULL GROUP BY 1`,
  );
  const paidOf = new Map(paid.rows.map((row) => [row.call_id, row.paid]));
  expect(charges.filter(({ call, amount }) => (paidOf.get(call) ?? 0n) !== BigInt(amount))).toEqual([]);
  const holds = await app.db.query<{ turn_id: string; held: bigint }>(
    `SELECT turn_id, sum(held_delta)::bigint AS held FROM credit_transactions WHERE kind = 'hold' GROUP BY 1`,
  );
  const heldOf = new Map(holds.rows.map((row) => [row.turn_id, row.held]));
  for (const { turn, amount, answers } of turns) {
    expect(heldOf.get(turn) ?? 0n).toBe(answers.includes(true) ? BigInt(amount) : 0n);
  }
}, 300_000);

describe('the database keeps the books even from a program with a bug', () => {
  it.each([
    ['UPDATE credit_wallets SET available_micro_credits = 5'],
    ['UPDATE credit_lots SET available_micro_credits = 5'],
    ['DELETE FROM credit_holds'],
    ['DELETE FROM credit_lots'],
    [`UPDATE credit_transactions SET note = 'x'`],
    ['DELETE FROM credit_transactions'],
    ['TRUNCATE credit_transactions'],
    ['TRUNCATE credit_wallets'],
    ['TRUNCATE llm_call_events'],
    ['UPDATE model_pricing SET multiplier = 1 WHERE pricing_version_id = 1'],
    ['DELETE FROM pricing_versions WHERE id = 1'],
    [`UPDATE pricing_versions SET name = 'x' WHERE id = 1`],
    ['TRUNCATE model_pricing CASCADE'],
    [`INSERT INTO credit_wallets (user_id, available_micro_credits) VALUES (gen_random_uuid(), 5)`],
  ])('refuses: %s', async (statement) => {
    const { id } = await app.createUser();
    await grant(id, 10, `some:${id}`);
    await hold(id, newId(), 5);
    await expect(app.db.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('overdraft by a hand-written row is refused', async () => {
    const { id } = await app.createUser();
    await grant(id, 10, `ten:${id}`);
    const lot = await ask<string>('SELECT id AS answer FROM credit_lots WHERE user_id = $1', [id]);
    await expect(
      app.db.query(
        `INSERT INTO credit_transactions (id, user_id, kind, lot_id, turn_id, available_delta, held_delta, idempotency_key)
         VALUES (gen_random_uuid(), $1, 'hold', $2, gen_random_uuid(), -11, 11, $3)`,
        [id, lot, `over:${id}`],
      ),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('I6 the same grant twice is one, whoever asks and at once', async () => {
    const { id } = await app.createUser();
    const answers = await Promise.all(Array.from({ length: 10 }, () => grant(id, 10, `once:${id}`)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect((await wallet(id)).available).toBe(10n);
  });

  it('usage that makes no sense is no usage row', async () => {
    await expect(
      app.db.query(
        `INSERT INTO llm_call_events (id, user_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
           completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, status,
           pricing_version, multiplier, request_id)
         VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'agent', 'p', 'm', 'llama', 10, 1, 11, 11, 0,
           -5, 1, 'ok', 1, 1, 'r')`,
      ),
    ).rejects.toMatchObject({ code: '23514' });
  });
});

describe('verifying', () => {
  it('finds what somebody with the keys to the database did', async () => {
    const { id } = await app.createUser();
    await grant(id, 10, `true:${id}`);
    await transaction(app.db, async (tx) => {
      await tx.query('ALTER TABLE credit_wallets DISABLE TRIGGER USER');
      await tx.query('UPDATE credit_wallets SET available_micro_credits = 999 WHERE user_id = $1', [id]);
      await tx.query('ALTER TABLE credit_wallets ENABLE TRIGGER USER');
    });
    expect(await drifts()).toEqual([
      { check: 'wallet = sum of its transactions', subject: id, expected: '10 0 0', found: '999 0 0' },
    ]);
  });
});

describe('pricing versions', () => {
  const version = {
    name: 'New prices',
    toolCharges: { searchMicroCreditsPerCall: 1_000_000, fileReadMicroCreditsPerPage: '20000' },
    models: ['llama', 'qwen', 'deepseek', 'gpt_oss', 'premium'].map((alias) => ({
      alias,
      provider: 'openrouter',
      model: `some/${alias}`,
      displayName: alias,
      inputUsdPerM: '0.1',
      cachedUsdPerM: '0.05',
      outputUsdPerM: 0.4,
      multiplier: '0.5',
      contextTokens: 8_192,
      maxOutputTokens: 4_096,
    })),
  };

  it('a new one takes effect at its time and says its rules; from then on it doesn’t change', async () => {
    const parsed = ZCreatePricingVersion.parse(version);
    const id = await transaction(app.db, (tx) => createPricingVersion(tx, { version: parsed, createdBy: null }));
    const made = await app.prisma.pricingVersion.findUniqueOrThrow({ where: { id }, include: { models: true } });
    expect(made.models).toHaveLength(5);
    expect(made.metadata).toMatchObject({
      multiplierFloor: '0.5',
      toolCharges: { searchMicroCreditsPerCall: '1000000' },
    });
    expect(JSON.stringify(made.metadata)).toContain('FR-BILL-006');
    await expect(app.db.query('DELETE FROM model_pricing WHERE pricing_version_id = $1', [id])).rejects.toThrow(
      /in effect/,
    );
  });

  it.each([
    ['a price of 0 for what isn’t free', { inputUsdPerM: 0 }],
    ['a negative price', { outputUsdPerM: -1, free: true }],
    ['a multiplier below the floor', { multiplier: '0.49' }],
  ])('%s is refused', (_what, change) => {
    const models = version.models.map((model) => (model.alias === 'llama' ? { ...model, ...change } : model));
    expect(ZCreatePricingVersion.safeParse({ ...version, models }).success).toBe(false);
  });

  it('a free model may cost nothing; one in the past, or without every alias, is refused', () => {
    const free = { inputUsdPerM: 0, cachedUsdPerM: 0, outputUsdPerM: 0, free: true };
    const models = version.models.map((model) => ({ ...model, ...free }));
    expect(ZCreatePricingVersion.safeParse({ ...version, models }).success).toBe(true);
    expect(ZCreatePricingVersion.safeParse({ ...version, models: models.slice(1) }).success).toBe(false);
    expect(ZCreatePricingVersion.safeParse({ ...version, effectiveAt: '2020-01-01T00:00:00Z' }).success).toBe(false);
  });
});
