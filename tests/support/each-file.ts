import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { endFile } from './after-file.ts';
import { printed, takePrinted } from './printed.ts';

// Evaluated anew for each test file, unlike what it imports: files of a worker share their modules (vitest.config.ts).

/** The first hook made, so the last to run. */
afterAll(endFile);

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
  expect(takePrinted(), 'Nothing may be printed that the test did not expect').toEqual([]);
});

function describe(value: unknown): string {
  return value instanceof Error
    ? (value.stack ?? value.message)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
