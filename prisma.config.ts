import { defineConfig } from 'prisma/config';

/** For people with `prisma` on the command line; the product applies its migrations itself (prisma/migrate.ts). */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5432/pantheon' },
});
