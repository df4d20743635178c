/** FR-ADMIN-003 and FR-ADMIN-004: what an owner can change, what it does at once, and that it is written down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdminUser, AuditLog, PricingVersion } from '#server/admin/contract.ts';
import type { Wallet } from '#server/billing/contract.ts';
import { verifyLedger } from '#server/billing/verify-ledger.ts';
import { verifyAudit } from '#server/admin/audit/verify-audit.ts';
import { newId } from '#server/platform/ids.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createClient, requestLink, type Client } from '#tests/support/client.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { followEvents, runTurn, sendTurn, waitForTurn } from '#tests/support/turns.ts';

const product = await startTestApp();
let owner: TestUser;
let analyst: TestUser;

beforeAll(async () => {
  owner = await product.createUser({ role: 'owner' });
  analyst = await product.createUser({ role: 'analyst' });
});

async function lastAudit(targetId: string): Promise<AuditLog | undefined> {
  const { body } = await analyst.client.get<{ items: AuditLog[] }>(`/admin/audit-logs?targetId=${targetId}&limit=1`);
  return body.items[0];
}

const balanceOf = async (client: Client) => (await client.get<Wallet>('/wallet')).body.balanceMicroCredits;

describe('AT-011: an owner changes, an analyst only looks', () => {
  test('what an analyst tries is refused by name, and changes nothing', async () => {
    const { id } = await product.createUser();
    const refused = await analyst.client.patch(`/admin/users/${id}`, { suspended: true });
    expect(refused).toMatchObject({ status: 403, body: { code: 'owner_required' } });
    expect((await analyst.client.get<AdminUser>(`/admin/users/${id}`)).body.suspended).toBe(false);
    expect((await owner.client.patch<AdminUser>(`/admin/users/${id}`, { suspended: true })).body.suspended).toBe(true);
  });

  test('anybody else finds nothing there, and nobody is asked to sign in', async () => {
    const { client } = await product.createUser();
    const absent = await client.get('/admin/users');
    const foreign = await client.patch(`/admin/users/${owner.id}`, { role: 'user' });
    expect([absent.status, foreign.status]).toEqual([404, 404]);
    expect((await product.client().get('/admin/users')).status).toBe(401);
  });
});

describe('FR-ADMIN-003: users', () => {
  test('are found by a part of their address, by role and by suspension, page by page', async () => {
    const tag = `tag-${newId()}`;
    for (const n of [1, 2, 3]) await product.createUser({ email: `${tag}-${n}@example.com` });
    const find = async (query: string) =>
      (await analyst.client.get<{ items: AdminUser[]; nextCursor: string | null }>(`/admin/users?${query}`)).body;
    const first = await find(`q=${tag}&limit=2`);
    expect(first.items.map(({ email }) => email)).toEqual([`${tag}-3@example.com`, `${tag}-2@example.com`]);
    const second = await find(`q=${tag}&limit=2&cursor=${first.nextCursor ?? ''}`);
    expect(second).toMatchObject({ items: [{ email: `${tag}-1@example.com` }], nextCursor: null });
    expect((await find('role=analyst')).items.map(({ id }) => id)).toContain(analyst.id);
    expect((await find(`q=${tag}&suspended=true`)).items).toEqual([]);
    expect((await find('q=%25')).items).toEqual([]);
    const one = first.items[0];
    expect((await find(`q=${one?.id ?? ''}`)).items).toEqual([one]);
  });

  test('a cap is set, is kept by the next send, and is lifted', async () => {
    const { id, client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    const capped = await owner.client.patch<AdminUser>(`/admin/users/${id}`, { monthlyCapMicroCredits: '1' });
    expect(capped).toMatchObject({ status: 200, body: { monthlyCapMicroCredits: '1' } });
    const refused = await client.post(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
    expect(refused).toMatchObject({ status: 402, body: { code: 'monthly_cap_reached' } });
    await owner.client.patch(`/admin/users/${id}`, { monthlyCapMicroCredits: null, reason: 'A mistake' });
    expect((await runTurn(client, room.id, '@Ada hello')).status).toBe('completed');
    expect(await lastAudit(id)).toMatchObject({
      action: 'user.cap',
      actorId: owner.id,
      before: { monthlyCapMicroCredits: '1' },
      after: { monthlyCapMicroCredits: null, reason: 'A mistake' },
    });
    const bad = await owner.client.patch(`/admin/users/${id}`, { monthlyCapMicroCredits: '-1' });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'monthlyCapMicroCredits' }] } });
  });

  test('suspending acts at once: what waits is cancelled, what runs is stopped, streams close, sends are refused', async () => {
    product.modelServer.setRules([{ behaviour: { text: 'word '.repeat(2_000), tokenDelayMs: 30 } }]);
    const { id, client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    const running = await sendTurn(client, room.id, '@Ada hello');
    const queued = await sendTurn(client, room.id, '@Ada again');
    await waitForTurn(client, running.id, { until: ['running'] });
    const stream = followEvents(client, running.id);
    await stream.next();
    const suspended = await owner.client.patch<AdminUser>(`/admin/users/${id}`, { suspended: true });
    expect(suspended.body).toMatchObject({ suspended: true });
    const begun = Date.now();
    while (!(await stream.next()).done) expect(Date.now() - begun).toBeLessThan(30_000);
    expect((await waitForTurn(client, running.id)).status).toBe('cancelled');
    expect((await waitForTurn(client, queued.id)).status).toBe('cancelled');
    product.modelServer.setRules([]);
    const refused = await client.post(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'suspended' } });
    expect((await client.get(`/rooms/${room.id}`)).status).toBe(200);
    const { rows } = await product.db.query('SELECT held_micro_credits FROM credit_wallets WHERE user_id = $1', [id]);
    expect(rows).toEqual([{ held_micro_credits: 0n }]);
    await owner.client.patch(`/admin/users/${id}`, { suspended: false });
    expect((await runTurn(client, room.id, '@Ada hello')).status).toBe('completed');
  });

  test('a message that is being accepted while its sender is suspended is refused or cancelled, never run', async () => {
    const { id, client } = await product.createUser();
    const rooms = await Promise.all(Array.from({ length: 6 }, () => createRoom(client, { agents: ['Ada'] })));
    product.modelServer.setRules([{ behaviour: { hang: 'first_token' } }]);
    const [, ...sent] = await Promise.all([
      sleep(2).then(() => owner.client.patch(`/admin/users/${id}`, { suspended: true })),
      ...rooms.map((room) => client.post<{ turn?: { id: string } }>(`/rooms/${room.id}/turns`, { message: '@Ada hi' })),
    ]);
    for (const { status, body } of sent) {
      expect([202, 403]).toContain(status);
      if (body.turn) expect((await waitForTurn(client, body.turn.id)).status).toBe('cancelled');
    }
    product.modelServer.setRules([]);
  });

  test('a role acts on the next request, and the last owner can neither be demoted nor suspended', async () => {
    const { id, client } = await product.createUser();
    await owner.client.patch(`/admin/users/${id}`, { role: 'owner' });
    expect((await client.get('/admin/users')).status).toBe(200);
    // Two owners who demote each other at once: one of them stays.
    const both = await Promise.all([
      client.patch(`/admin/users/${owner.id}`, { role: 'user' }),
      owner.client.patch(`/admin/users/${id}`, { role: 'user' }),
    ]);
    const { rows } = await product.db.query<{ user_id: string }>(
      `SELECT user_id FROM admin_users WHERE role_id = 'owner'`,
    );
    expect(rows).toHaveLength(1);
    expect(both.map(({ status }) => status)).toContain(200);
    const left = rows[0]?.user_id === owner.id ? owner.client : client;
    const last = rows[0]?.user_id ?? '';
    for (const change of [{ role: 'user' }, { role: 'analyst' }, { suspended: true }]) {
      expect(await left.patch(`/admin/users/${last}`, change)).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
    }
    await left.patch(`/admin/users/${owner.id}`, { role: 'owner' });
    await owner.client.patch(`/admin/users/${id}`, { role: 'user' });
    expect((await client.get('/admin/users')).status).toBe(404);
    expect(await lastAudit(id)).toMatchObject({
      action: 'user.role',
      before: { role: 'owner' },
      after: { role: 'user' },
    });
  });

  test('a plan can be given without a payment and taken back; a paid one is left to Stripe', async () => {
    const { id, client } = await product.createUser();
    const plan = async () => (await client.get<Wallet>('/wallet')).body.plan;
    expect((await owner.client.patch(`/admin/users/${id}`, { plan: 'power' })).status).toBe(200);
    expect(await plan()).toBe('power');
    await owner.client.patch(`/admin/users/${id}`, { plan: null });
    expect(await plan()).toBeNull();
    expect((await owner.client.patch(`/admin/users/${id}`, { plan: 'gold' })).status).toBe(422);
    await product.db.query(
      `INSERT INTO subscriptions (id, user_id, plan_id, status, stripe_subscription_id) VALUES ($1, $2, 'pro', 'active', $3)`,
      [newId(), id, `sub_${id}`],
    );
    expect((await owner.client.patch(`/admin/users/${id}`, { plan: null })).status).toBe(409);
    expect(await plan()).toBe('pro');
  });

  test('nothing changes when a part of the change is refused, and what changes nothing is not logged', async () => {
    const { id } = await product.createUser();
    const before = await verifyAudit(product.app);
    const refused = await owner.client.patch(`/admin/users/${id}`, { suspended: true, plan: 'gold' });
    expect(refused.status).toBe(422);
    expect((await owner.client.get<AdminUser>(`/admin/users/${id}`)).body.suspended).toBe(false);
    await owner.client.patch(`/admin/users/${id}`, { suspended: false, role: 'user', plan: null });
    expect((await verifyAudit(product.app)).rows).toBe(before.rows);
  });
});

describe('FR-ADMIN-003: credits', () => {
  test('are given and taken through the ledger, with a reason, and never below nothing', async () => {
    const { id, client } = await product.createUser({ microCredits: 0n });
    const adjust = (body: object) => owner.client.post<{ wallet: Wallet }>(`/admin/users/${id}/credits`, body);
    const given = await adjust({ microCredits: '5000000', reason: 'A bad week' });
    expect(given).toMatchObject({ status: 201, body: { wallet: { balanceMicroCredits: '5000000' } } });
    expect(await lastAudit(id)).toMatchObject({
      action: 'user.credits',
      before: { balanceMicroCredits: '0' },
      after: { balanceMicroCredits: '5000000', microCredits: '5000000', reason: 'A bad week' },
    });
    expect((await adjust({ microCredits: -2_000_000, reason: 'Too much' })).status).toBe(201);
    expect(await balanceOf(client)).toBe('3000000');
    expect(await adjust({ microCredits: '-3000001', reason: 'All of it' })).toMatchObject({ status: 409 });
    for (const bad of [{ microCredits: '0', reason: 'x' }, { microCredits: '5' }, { microCredits: 1.5, reason: 'x' }]) {
      expect((await adjust(bad)).status).toBe(422);
    }
    expect(await balanceOf(client)).toBe('3000000');
    const { body } = await client.get<{ items: { note: string | null }[] }>('/wallet/transactions');
    expect(body.items.map(({ note }) => note)).toEqual(['Too much', 'A bad week']);
    expect((await verifyLedger(product.app)).drifts).toEqual([]);
  });

  test('I6: the same request ten times at once is one adjustment; another under its key is refused', async () => {
    const { id, client } = await product.createUser({ microCredits: 0n });
    const headers = { 'Idempotency-Key': newId() };
    const body = { microCredits: '7000000', reason: 'Once' };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => owner.client.post(`/admin/users/${id}/credits`, body, headers)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await balanceOf(client)).toBe('7000000');
    for (const other of [
      { ...body, microCredits: '8000000' },
      { ...body, reason: 'Twice' },
    ]) {
      const refused = await owner.client.post(`/admin/users/${id}/credits`, other, headers);
      expect(refused).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
    }
    const elsewhere = await product.createUser({ microCredits: 0n });
    expect((await owner.client.post(`/admin/users/${elsewhere.id}/credits`, body, headers)).status).toBe(409);
    const { rows } = await product.db.query(`SELECT 1 FROM admin_audit_logs WHERE target_id = $1`, [id]);
    expect(rows).toHaveLength(1);
    const take = { microCredits: '-1000000', reason: 'Back' };
    const key = { 'Idempotency-Key': newId() };
    for (let n = 0; n < 2; n++) await owner.client.post(`/admin/users/${id}/credits`, take, key);
    expect(await balanceOf(client)).toBe('6000000');
  });
});

describe('FR-ADMIN-003: models and settings', () => {
  test('a plan’s models are what an owner says, from the next message on', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: [{ name: 'Ada', modelAlias: 'qwen' }] });
    const set = (aliases: string[]) => owner.client.put('/admin/model-policies/starter', { aliases });
    expect(await set(['llama', 'gpt_oss'])).toMatchObject({ status: 200, body: { aliases: ['llama', 'gpt_oss'] } });
    const refused = await client.post(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'model_not_allowed' } });
    expect(await lastAudit('starter')).toMatchObject({
      action: 'model_policy.update',
      after: { aliases: ['llama', 'gpt_oss'] },
    });
    await set(['llama', 'qwen', 'gpt_oss']);
    expect((await runTurn(client, room.id, '@Ada hello')).status).toBe('completed');
    expect((await set([])).status).toBe(422);
    expect((await set(['gpt-9'])).status).toBe(422);
    expect((await owner.client.put('/admin/model-policies/gold', { aliases: ['llama'] })).status).toBe(404);
  });

  test('the manager’s model is what an owner says, from the next turn on', async () => {
    const before = (await owner.client.get<{ managerModelAlias: string }>('/admin/settings')).body.managerModelAlias;
    const set = (managerModelAlias: string) => owner.client.put('/admin/settings', { managerModelAlias });
    expect(await set('qwen')).toMatchObject({ status: 200, body: { managerModelAlias: 'qwen', signupMode: 'open' } });
    const { client } = await product.createUser({ plan: 'power' });
    const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada'] });
    const turn = await runTurn(client, room.id, 'hello');
    expect(turn.steps.find(({ kind }) => kind === 'manager')?.modelAlias).toBe('qwen');
    expect((await set('gpt-9')).status).toBe(422);
    await set(before);
  });

  test('sign-up by invitation: who is invited comes in, who is not does not; an invitation can be taken back', async () => {
    const invite = (email: string) => owner.client.post<{ id: string }>('/admin/invites', { email });
    await owner.client.put('/admin/settings', { signupMode: 'invite' });
    const enter = async (email: string) => {
      const client = createClient(product.url);
      return (await client.post('/auth/verify', { token: await requestLink(client, email) })).status;
    };
    const [welcome, unwelcome] = [`${newId()}@example.com`, `${newId()}@example.com`];
    const first = await invite(welcome.toUpperCase());
    expect(first.status).toBe(201);
    expect((await invite(welcome)).status).toBe(409);
    expect((await invite('nobody')).status).toBe(422);
    const second = await invite(unwelcome);
    expect((await owner.client.delete(`/admin/invites/${second.body.id}`)).status).toBe(204);
    expect((await owner.client.delete(`/admin/invites/${second.body.id}`)).status).toBe(404);
    expect(await enter(welcome)).toBe(200);
    expect(await enter(unwelcome)).toBe(403);
    expect((await owner.client.delete(`/admin/invites/${first.body.id}`)).status).toBe(409);
    const logged = await lastAudit(second.body.id);
    expect(logged?.action).toBe('invite.revoke');
    expect(JSON.stringify(logged)).not.toContain(unwelcome);
    await owner.client.put('/admin/settings', { signupMode: 'open' });
    expect(await enter(unwelcome)).toBe(200);
  });

  test('uploads, direct chats and web search can be switched off, each by itself', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, {
      agents: [{ name: 'Ada', toolPermissions: { search: true, files: false } }],
    });
    const set = (features: object) => owner.client.put('/admin/settings', { features });
    const upload = () => client.post(`/rooms/${room.id}/files`, { name: 'a.txt', size: 3, mimeType: 'text/plain' });
    await set({ fileUploads: false, directChats: false, webSearch: false });
    expect(await upload()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expect(createDirectSession(client, 'Ada')).rejects.toThrow('503');
    const without = await runTurn(client, room.id, '@Ada hello');
    expect(without.roster[0]?.toolPermissions.search).toBe(false);
    await set({ fileUploads: true, directChats: true, webSearch: true });
    expect((await upload()).status).toBe(201);
    await createDirectSession(client, 'Ada');
    const turn = await runTurn(client, room.id, '@Ada hello');
    expect(turn.roster[0]?.toolPermissions.search).toBe(true);
  });
});

describe('FR-BILL-003: pricing versions', () => {
  test('a draft changes nothing until it is published, and nothing changes it afterwards', async () => {
    const versions = async () =>
      (await analyst.client.get<{ items: PricingVersion[] }>('/admin/pricing-versions')).body.items;
    const current = (await versions()).find(({ state }) => state === 'effective');
    if (!current) throw new Error('no version is in effect');
    const { name, note, source, toolCharges, models } = current;
    const dearer = models.map((model) => (model.alias === 'llama' ? { ...model, multiplier: '2' } : model));
    const draft = { name: `${name}, dearer`, note, source, toolCharges, models: dearer, draft: true };
    const made = await owner.client.post<PricingVersion>('/admin/pricing-versions', draft);
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', effectiveAt: null } });
    const path = `/admin/pricing-versions/${made.body.id}`;
    const price = async () => {
      const { client } = await product.createUser();
      const room = await createRoom(client, { agents: [{ name: 'Ada', modelAlias: 'llama' }] });
      return (await runTurn(client, room.id, '@Ada hello')).id;
    };
    const multiplierOf = async (turnId: string) =>
      (
        await product.db.query<{ multiplier: string }>(
          'SELECT multiplier::float8::text AS multiplier FROM llm_call_events WHERE turn_id = $1',
          [turnId],
        )
      ).rows[0]?.multiplier;
    expect(await multiplierOf(await price())).toBe('0.5');

    const steeper = dearer.map((model) => (model.alias === 'llama' ? { ...model, multiplier: '3' } : model));
    const changed = await owner.client.put<PricingVersion>(path, { ...draft, models: steeper });
    expect(changed.body.models.find(({ alias }) => alias === 'llama')?.multiplier).toBe('3');
    expect((await owner.client.put(path, { ...draft, models: steeper.slice(1) })).status).toBe(422);
    expect((await analyst.client.post(`${path}/publish`, {})).status).toBe(403);
    expect(await owner.client.post(`${path}/publish`, {})).toMatchObject({ status: 200, body: { state: 'effective' } });
    expect(await multiplierOf(await price())).toBe('3');
    for (const again of [
      await owner.client.post(`${path}/publish`, {}),
      await owner.client.put(path, draft),
      await owner.client.delete(path),
    ]) {
      expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    expect((await versions()).find(({ id }) => id === current.id)?.state).toBe('past');
    expect(await lastAudit(String(made.body.id))).toMatchObject({ action: 'pricing.publish' });

    const other = await owner.client.post<PricingVersion>('/admin/pricing-versions', { ...draft, name: 'Never' });
    const discarded = `/admin/pricing-versions/${other.body.id}`;
    expect((await owner.client.delete(discarded)).status).toBe(204);
    expect((await owner.client.get(discarded)).status).toBe(404);
    for (const odd of ['0', 'x', '1e9', '99999999999999']) {
      expect((await owner.client.get(`/admin/pricing-versions/${odd}`)).status).toBe(404);
    }
  });
});

describe('jobs', () => {
  test('a job that failed for good is seen by its error’s name, tried again or thrown away', async () => {
    const insert = async () => {
      const id = newId();
      await product.db.query(
        `INSERT INTO pgboss.job (id, name, data, state, retry_limit, retry_count, output, completed_on, policy)
         VALUES ($1, 'verify-ledger', '{}', 'failed', 0, 0, '{"name":"TypeError"}', now(), 'standard')`,
        [id],
      );
      return id;
    };
    const queue = async () => {
      type Queue = { queue: string; failed: number; cron: string | null; failures: { id: string; error: string }[] };
      const { body } = await analyst.client.get<{ items: Queue[] }>('/admin/jobs');
      return body.items.find((each) => each.queue === 'verify-ledger');
    };
    const [tried, discarded] = [await insert(), await insert()];
    const found = await queue();
    expect(found).toMatchObject({ failed: 2, cron: '40 3 * * *' });
    expect(found?.failures.map(({ error }) => error)).toEqual(['TypeError', 'TypeError']);
    const path = `/admin/jobs/verify-ledger/${discarded}`;
    expect((await analyst.client.delete(path)).status).toBe(403);
    expect((await owner.client.delete(path)).status).toBe(204);
    expect((await owner.client.delete(path)).status).toBe(404);
    expect((await owner.client.post(`/admin/jobs/verify-ledger/${tried}/retry`)).status).toBe(202);
    const deadline = Date.now() + 20_000;
    const state = async () =>
      (await product.db.query<{ state: string }>('SELECT state FROM pgboss.job WHERE id = $1', [tried])).rows[0]?.state;
    while ((await state()) !== 'completed' && Date.now() < deadline) await sleep(50);
    expect(await state()).toBe('completed');
    expect((await owner.client.post(`/admin/jobs/verify-ledger/${tried}/retry`)).status).toBe(409);
    expect((await owner.client.post('/admin/jobs/verify-ledger/x/retry')).status).toBe(404);
  });
});

test('FR-ADMIN-004, NFR-SEC-005: after all of this the chain is whole, and its export is in it, with formulas made harmless', async () => {
  const { id } = await product.createUser();
  await owner.client.patch(`/admin/users/${id}`, { suspended: true, reason: '=HYPERLINK("x")' });
  const csv = await analyst.client.get<string>(`/admin/audit-logs?targetId=${id}`, { Accept: 'text/csv' });
  expect(csv.headers.get('Content-Type')).toContain('text/csv');
  expect(csv.body.split('\r\n')[0]).toBe(
    'seq,time,actor,actor_id,action,target_type,target_id,before,after,request_id,hash',
  );
  expect(csv.body).toContain('HYPERLINK');
  const { body } = await analyst.client.get<{ items: AuditLog[] }>('/admin/audit-logs?limit=1');
  expect(body.items[0]).toMatchObject({ action: 'export', actorId: analyst.id, targetType: 'audit_log' });
  expect((await verifyAudit(product.app)).faults).toEqual([]);
});
