import { expect, test as base, type Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';
import { signIn, type Client } from '../../support/client.ts';
import { startModelServer, type ModelServer } from '../../support/model-server.ts';
import { startSearchServer, type SearchServer } from '../../support/search-server.ts';
import { startServer, type ServerProcess } from '../../support/server-process.ts';
import { untilAwake } from './awake.ts';

type WorkerFixtures = {
  /** `scripted` (default): the rules of `modelServer`. `demo`: the product's own offline model. `test.use({ model: 'demo' })` */
  model: 'scripted' | 'demo';
  modelServer: ModelServer;
  /** What the product’s web search asks, for agents with the permission. */
  searchServer: SearchServer;
  /** The real product in a process of its own, with an embedded PostgreSQL and the seeded demo rooms. */
  server: ServerProcess;
};

type TestFixtures = {
  /** What a page may print as an error in this test, e.g. the 404 that it provokes. */
  expectedErrors: RegExp[];
  /** Signs the page's browser in through the mailbox and returns the same person's API client. */
  signInAs: (email: string) => Promise<Client>;
  /** Fails on any finding of axe, on the page as it is now; on a wide screen with the dark theme’s colours too. */
  expectAccessible: (page?: Page) => Promise<void>;
};

export { expect };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  model: ['scripted', { option: true, scope: 'worker' }],

  modelServer: [
    async ({}, use) => {
      const modelServer = await startModelServer();
      await use(modelServer);
      await modelServer.close();
    },
    { scope: 'worker' },
  ],

  searchServer: [
    async ({}, use) => {
      const searchServer = await startSearchServer();
      await use(searchServer);
      await searchServer.close();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ model, modelServer, searchServer }, use) => {
      const search = { TAVILY_API_KEY: searchServer.apiKey, TAVILY_BASE_URL: searchServer.url };
      const llm = model === 'scripted' ? { LLM_BASE_URL: modelServer.baseUrl, LLM_API_KEY: 'test' } : {};
      const server = await startServer({
        env: {
          ...llm,
          ...search,
          LIMIT_MAGIC_LINK_PER_ADDRESS: '1000',
          LIMIT_MAGIC_LINK_PER_IP: '1000',
          // The tool servers of journeys stand on this machine.
          TOOL_SERVERS_PRIVATE: 'yes',
          // A journey's page of another site stands on a port of its own.
          LANGGRAPH_ORIGINS: '*',
        },
      });
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  expectedErrors: [[], { option: true }],

  context: async ({ context, expectedErrors, modelServer }, use) => {
    modelServer.setRules([]);
    const errors: string[] = [];
    context.on('weberror', (error) => errors.push(error.error().stack ?? error.error().message));
    context.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    await use(context);
    const unexpected = errors.filter((error) => !expectedErrors.some((expected) => expected.test(error)));
    expect(unexpected, 'The browser may print no error that the test did not expect').toEqual([]);
  },

  /** People are slower than this: they act on a page that answers. */
  page: async ({ page }, use) => {
    const goto = page.goto.bind(page);
    const reload = page.reload.bind(page);
    page.goto = async (...given) => {
      const response = await goto(...given);
      await untilAwake(page);
      return response;
    };
    page.reload = async (...given) => {
      const response = await reload(...given);
      await untilAwake(page);
      return response;
    };
    await use(page);
  },

  signInAs: async ({ context, server }, use) => {
    await use(async (email) => {
      const client = await signIn(server.url, email);
      await context.addCookies(
        [...client.cookies].map(([name, value]) => ({ name, value, url: server.url, httpOnly: true })),
      );
      return client;
    });
  },

  expectAccessible: async ({ page, isMobile }, use) => {
    await use(async (shown = page) => {
      expect.soft(await findingsOf(shown), `axe, on ${shown.url()}`).toEqual([]);
      // Of a theme only the colours differ, and colours are the same at every width.
      if (isMobile) return;
      await shown.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect.soft(await findingsOf(shown, ['color-contrast']), `axe, in the dark theme, on ${shown.url()}`).toEqual([]);
      await shown.emulateMedia({ colorScheme: 'light', reducedMotion: null });
    });
  },
});

/** What is inert behind a dialog, which is seen through its shade and said by nobody. */
const BEHIND_A_DIALOG = '[data-aria-hidden="true"]';

/** Only what is wrong is described, by its HTML; style sheets are the page’s own, so axe need not fetch them again. */
const AXE_OPTIONS: RunOptions = {
  resultTypes: ['violations'],
  selectors: false,
  iframes: false,
  preload: false,
};

/** Two frames on a page is drawn as it is now, but for what fades, and then for what has its colour from that. */
async function untilNothingFades(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const fading = () =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().iterations === 1);
    do {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await Promise.allSettled(fading().map(({ finished }) => finished));
    } while (fading().length > 0);
  });
}

/** Every rule of axe, best practices too, or only those named. */
async function findingsOf(page: Page, rules?: string[]): Promise<string[]> {
  // Brought into a document once: it is half a megabyte of script.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  await untilNothingFades(page);
  const options = rules ? { ...AXE_OPTIONS, runOnly: rules } : AXE_OPTIONS;
  const { violations } = await page.evaluate(
    ([exclude, asked]) => (window as unknown as { axe: typeof axe }).axe.run({ exclude: [exclude] }, asked),
    [BEHIND_A_DIALOG, options] as const,
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`);
}
