import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';

/** An address that nobody used, so that no test sees another’s rooms. */
export function someone(): string {
  return `${randomUUID()}@example.com`;
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

/** Writes and sends by the button, which every device has. */
export async function send(page: Page, message: string): Promise<void> {
  await composer(page).fill(message);
  await page.getByRole('button', { name: /^Send/ }).click();
}

/** The card of an agent’s step; its name goes on with what became of it: “Ada, finished”. */
export function card(page: Page, agent: string): Locator {
  return page.getByRole('article', { name: new RegExp(`^${agent}, `) });
}

/** What is shown as long as anything runs (FR-RT-002). */
export function runBar(page: Page): Locator {
  return page.getByTestId('run-bar');
}
