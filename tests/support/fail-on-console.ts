import { afterEach, beforeEach, expect } from 'vitest';

/** What was printed since the test began; a test that expects some takes it with `takePrinted`. */
const printed: string[] = [];

/**
 * A warning nobody reads is a bug nobody sees: what a test prints with console.error or console.warn fails it.
 * Unhandled rejections fail the run by Vitest itself.
 */
for (const level of ['error', 'warn'] as const) {
  // eslint-disable-next-line no-console -- this is where it is caught
  console[level] = (...values: unknown[]) => {
    printed.push(`console.${level}: ${values.map(describe).join(' ')}`);
  };
}

beforeEach(() => {
  printed.length = 0;
});

afterEach(() => {
  const unexpected = printed.splice(0);
  expect(unexpected, 'Nothing may be printed that the test did not expect').toEqual([]);
});

/** Takes what was printed so far, for the test to look at. */
export function takePrinted(): string[] {
  return printed.splice(0);
}

function describe(value: unknown): string {
  return value instanceof Error
    ? (value.stack ?? value.message)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
