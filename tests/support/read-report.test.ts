import { expect, test } from 'vitest';
import { readPlaywright } from './read-report.ts';

test('a browser test that failed twice counts as a failure, and so does an error outside any test; one that passed at the second try has passed and is named', () => {
  const spec = (title: string, status: string) => ({
    file: 'rooms.spec.ts',
    title,
    tests: [{ projectName: 'mobile', status }],
  });
  const report = {
    suites: [
      {
        specs: [spec('works', 'expected')],
        suites: [{ specs: [spec('was late', 'flaky'), spec('fails', 'unexpected')] }],
      },
      { specs: [spec('is for a wide screen', 'skipped')] },
    ],
    errors: [{ message: 'No server' }],
  };
  expect(readPlaywright(report)).toEqual({
    passed: 2,
    skipped: 1,
    failures: ['[mobile] rooms.spec.ts > fails', 'No server'],
    flaky: ['[mobile] rooms.spec.ts > was late'],
  });
});
