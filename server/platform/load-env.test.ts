import { expect, test } from 'vitest';
import { loadAsInProduction } from '#server/platform/load-env.ts';

test('what is loaded as in production finds NODE_ENV so, and nothing else does', async () => {
  const given = process.env['NODE_ENV'];
  expect(await loadAsInProduction(() => Promise.resolve(process.env['NODE_ENV']))).toBe('production');
  expect(process.env['NODE_ENV']).toBe(given);
  await expect(loadAsInProduction(() => Promise.reject(new Error('not built')))).rejects.toThrow('not built');
  expect(process.env['NODE_ENV']).toBe(given);
});
