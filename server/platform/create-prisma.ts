import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient } from '#server/platform/prisma/client.ts';

/** Prisma on the same pool as `app.db`, so that a process holds one set of connections. Minimal errors: full ones quote data. */
export function createPrisma(pool: Pool): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
}
