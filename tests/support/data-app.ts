import type { Pool } from 'pg';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { PrismaClient } from '#server/platform/prisma/client.ts';
import { afterFile } from './after-file.ts';
import { createTestDatabase } from './postgres.ts';

export type DataApp = {
  url: string;
  db: Pool;
  prisma: PrismaClient;
  /** A user without a plan, or with one that is paid for. */
  createUser(plan?: string): Promise<{ id: string; plan: string | null }>;
};

/** For verbs that need the database and nothing else: a database of the file's own, both doors to it, users. */
export async function createDataApp({ migrated = true } = {}): Promise<DataApp> {
  const { url } = await createTestDatabase({ migrated });
  const db = createPool(url);
  const prisma = createPrisma(db);
  afterFile(async () => {
    await prisma.$disconnect();
    await db.end();
  });
  return {
    url,
    db,
    prisma,
    async createUser(plan) {
      const id = newId();
      await prisma.user.create({ data: { id, email: `${id}@example.com` } });
      if (plan) await prisma.subscription.create({ data: { id: newId(), userId: id, planId: plan, status: 'active' } });
      return { id, plan: plan ?? null };
    },
  };
}
