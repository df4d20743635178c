import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { VitestReport } from './tests/support/vitest-report.ts';

const shared = {
  environment: 'node',
  setupFiles: ['tests/support/each-file.ts'],
  /** A process per worker: the code under test opens sockets, children and signal handlers. */
  pool: 'forks' as const,
  /** A worker's files share what they import, as requests of one process do: loading it anew was half of the run. */
  isolate: false,
  /** The first file that starts the app may have to build the pages. */
  hookTimeout: 120_000,
  /** As for journeys (playwright.config.ts): a shared machine may be late once. */
  retry: process.env['CI'] ? 1 : 0,
  /** Built already; a bundler has nothing to add. */
  server: { deps: { external: [/\/build\/server\//] } },
} satisfies ViteUserConfig['test'];

export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    maxWorkers: 2,
    reporters: process.env['VITEST_JSON'] ? ['default', new VitestReport(process.env['VITEST_JSON'])] : ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'main',
          include: [
            '{server,graphs,jobs,app,prisma}/**/*.test.{ts,tsx}',
            'tests/{adapters,admin,api,architecture,auth,billing,context,files,operations,pages,retention,support,tools,turns}/**/*.test.ts',
          ],
          /** Several start a product or programs of their own in their bodies, which takes a busy machine its time. */
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'durability',
          include: ['tests/durability/**/*.test.ts'],
          /** These kill processes and watch what is left; side by side they would starve each other. */
          fileParallelism: false,
          testTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
