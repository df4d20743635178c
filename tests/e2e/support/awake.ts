import type { Page } from '@playwright/test';

/** Until the page answers to what is done with it: people are slower than a browser that is driven. */
export async function untilAwake(page: Page, timeout = 5_000): Promise<void> {
  await page
    .waitForFunction(
      () =>
        document.querySelector('script[type=module]') === null || performance.getEntriesByName('hydrated').length > 0,
      undefined,
      { timeout },
    )
    .catch(() => undefined);
}
