import { beforeAll, describe, expect, it } from 'vitest';
import { ZCreateAgent, ZDirectAgent } from '#server/agents/contract.ts';
import type { App } from '#server/app.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';
import { BIG_DECISIONS, HARD_QUESTIONS, THINKING_PARTNER, TEXT_WORKSHOP } from './demo-rooms.ts';
import { seed } from './seed.ts';

let app: DataApp;
const env = (more: Partial<App['env']> = {}) =>
  ({
    production: false,
    signupMode: 'invite',
    signupMicroCredits: 100_000_000n,
    ownerEmail: null,
    ...more,
  }) as App['env'];

beforeAll(async () => {
  app = await createDataApp();
});

describe('the seed', () => {
  it('is sown outside production only', async () => {
    expect(await seed({ ...app, env: env({ production: true }) })).toEqual({ seeded: false });
    expect(await app.prisma.user.count()).toBe(0);
  });

  it('is sown once, however many processes start at once, and a second time not at all', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => seed({ ...app, env: env() })));
    expect(outcomes.filter(({ seeded }) => seeded)).toHaveLength(1);
    expect(await seed({ ...app, env: env() })).toEqual({ seeded: false });
    expect(await app.prisma.user.count()).toBe(3);
    expect(await app.prisma.creditWallet.count()).toBe(3);
    expect(await app.prisma.llmCallEvent.count()).toBe(0);
  });

  it('has an owner, an analyst, and a user with three rooms and a direct chat', async () => {
    const admins = await app.prisma.adminUser.findMany({ include: { user: true } });
    expect(admins.map(({ user, roleId }) => [user.email, roleId]).sort()).toEqual([
      ['analyst@pantheon.local', 'analyst'],
      ['owner@pantheon.local', 'owner'],
    ]);
    const demo = await app.prisma.user.findUniqueOrThrow({ where: { email: 'demo@pantheon.local' } });
    const { items } = await findRooms(app, { userId: demo.id });
    expect(items.map(({ name, currentMode, pendingMode }) => [name, currentMode, pendingMode])).toEqual([
      ['Hard questions', 'roundtable', null],
      ['Big decisions', 'orchestrator', null],
      ['Text workshop', 'manual', null],
    ]);
    expect(await app.prisma.roomSession.count({ where: { active: true } })).toBe(4);
    expect(await app.prisma.directSession.count({ where: { ownerId: demo.id } })).toBe(1);
  });

  it('has agents that a person without a plan could have made', () => {
    const agents = [HARD_QUESTIONS, BIG_DECISIONS, TEXT_WORKSHOP].flatMap((room) => room.agents);
    for (const agent of agents) expect(ZCreateAgent.parse(agent)).toEqual(agent);
    expect(ZDirectAgent.parse(THINKING_PARTNER)).toEqual(THINKING_PARTNER);
    for (const { modelAlias, fallbackAlias } of [...agents, THINKING_PARTNER]) {
      expect(['llama', 'qwen', 'gpt_oss']).toContain(modelAlias);
      expect(['llama', 'qwen', 'gpt_oss', null]).toContain(fallbackAlias);
    }
  });
});
