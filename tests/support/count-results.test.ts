import { expect, test } from 'vitest';
import { countPlaywright, countVitest } from './count-results.ts';

test('a test file that does not load counts as a failure', () => {
  const loaded = { status: 'passed', assertionResults: [{}, {}] };
  const broken = { status: 'failed', assertionResults: [] };
  const report = {
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [loaded, broken],
  };
  expect(countVitest(report)).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test('a browser test that failed twice counts as a failure, and so does an error outside any test; one that passed at the second try has passed', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 0 };
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 2, skipped: 0 });
});
