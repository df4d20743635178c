import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './tests/support/find-browser.ts';

const browser = findBrowser();
const json = process.env['PLAYWRIGHT_JSON'];

/**
 * What a browser need not have. Chromium heeds the last such list, so Playwright's own is said again. The rest are the address
 * bar's drop-downs: pages that nobody sees, made with each window, twice the work of a journey's own window.
 */
const WITHOUT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable',
  'LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch',
  'WebUIOmniboxPopup,WebUIOmniboxAimPopup',
].join(',');

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  /** Each has a server of its own: one waits while the other's browser works. */
  workers: 2,
  forbidOnly: Boolean(process.env['CI']),
  /** On a shared machine a browser may be late once; what is late is listed as flaky, to be mended. At one’s own desk nothing is tried twice. */
  retries: process.env['CI'] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: json ? [['list'], ['json', { outputFile: json }]] : 'list',
  use: {
    // It would hide requests from the journeys; the one about being offline allows it.
    serviceWorkers: 'block',
    // Recorded on demand (`--trace on`): keeping one of each journey costs a third of the run.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser.path } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        `--disable-features=${WITHOUT}`,
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } } },
    {
      name: 'mobile',
      use: { ...devices['Desktop Chrome'], viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
  ],
});
