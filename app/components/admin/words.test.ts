import { expect, test } from 'vitest';
import { inWords, scheduleInWords } from '#app/components/admin/words.ts';

test('codes are read as words', () => {
  expect(
    ['rate_limited', 'user.sign_in', 'pricing_version', 'refused-request', 'signupMode', 'ok'].map(inWords),
  ).toEqual(['Rate limited', 'User sign in', 'Pricing version', 'Refused request', 'Signup mode', 'OK']);
});

test('a schedule is told in words, and one that is none of the usual as it is', () => {
  expect(['*/10 * * * *', '17 * * * *', '20 4 * * *', '0 9 * * 1', '5,35 * * * *', null].map(scheduleInWords)).toEqual([
    'Every 10 min',
    'Hourly at :17',
    'Daily at 04:20',
    '0 9 * * 1',
    '5,35 * * * *',
    'On demand',
  ]);
});
