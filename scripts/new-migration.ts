import { relative } from 'node:path';
import { newMigration } from '#prisma/new-migration.ts';
import { openDatabase } from '#server/platform/open-database.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { say } from './say.ts';

const database = await openDatabase(loadEnv(), say);
try {
  const path = await newMigration((process.argv[2] ?? '').replaceAll('-', '_'), database.url);
  say(`Wrote ${relative(process.cwd(), path)}. Read it, add what Prisma can’t express, then run npm run db:migrate.`);
} finally {
  await database.stop();
}
