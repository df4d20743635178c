import { nameKey } from '#server/agents/name-key.ts';
import type { App } from '#server/app.ts';
import { admitUser } from '#server/auth/admit-user.ts';
import { newId } from '#server/platform/ids.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';
import { BIG_DECISIONS, HARD_QUESTIONS, THINKING_PARTNER, TEXT_WORKSHOP, type DemoRoom } from './demo-rooms.ts';

const OWNER = 'owner@pantheon.local';
const ANALYST = 'analyst@pantheon.local';
const DEMO = 'demo@pantheon.local';

/**
 * Fills an empty database with the demo accounts, rooms and a direct chat; no turns, no usage. Does nothing in
 * production or where anybody has an account. All at once or not at all, and one process at a time.
 */
export async function seed({ prisma, env }: Pick<App, 'prisma' | 'env'>): Promise<{ seeded: boolean }> {
  if (env.production) return { seeded: false };
  return prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('pantheon: seed'))`;
      if ((await tx.user.count()) > 0) return { seeded: false };
      const open = { env: { ...env, signupMode: 'open' as const, ownerEmail: OWNER } };
      await admitUser(tx, open, { email: OWNER });
      const analyst = await admitUser(tx, open, { email: ANALYST });
      await tx.adminUser.create({ data: { userId: analyst.userId, roleId: 'analyst' } });
      const { userId } = await admitUser(tx, open, { email: DEMO });
      // The last made is the first in the list.
      for (const room of [TEXT_WORKSHOP, BIG_DECISIONS, HARD_QUESTIONS]) await seedRoom(tx, userId, room);
      await seedDirectSession(tx, userId);
      return { seeded: true };
    },
    { maxWait: 30_000, timeout: 30_000 },
  );
}

async function seedRoom(tx: Prisma.TransactionClient, ownerId: string, room: DemoRoom): Promise<void> {
  const id = newId();
  await tx.room.create({
    data: {
      id,
      ownerId,
      name: room.name,
      description: room.description,
      currentMode: room.mode,
      branches: { create: { id: newId(), conversationId: id } },
      agents: {
        create: room.agents.map((agent, position) => ({
          ...agent,
          id: newId(),
          nameKey: nameKey(agent.name),
          position,
        })),
      },
    },
  });
}

async function seedDirectSession(tx: Prisma.TransactionClient, ownerId: string): Promise<void> {
  const id = newId();
  await tx.directSession.create({
    data: {
      id,
      ownerId,
      title: THINKING_PARTNER.name,
      agent: THINKING_PARTNER,
      branches: { create: { id: newId(), conversationId: id } },
    },
  });
}
