import { describe, expect, it } from 'vitest';
import { sameSitePath } from '#server/auth/same-site-path.ts';

describe('where a sign-in may lead (FR-AUTH-001)', () => {
  it.each(['/', '/rooms/1', '/rooms/1?tab=files#last', '/sign-in?redirectTo=%2Fx'])('%s stays as it is', (path) => {
    expect(sameSitePath(path)).toBe(path);
  });

  it.each([
    '',
    'rooms/1',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/.//evil.example/',
    '/x/..//evil.example/',
    'javascript:alert(1)',
    null,
    undefined,
  ])('%j leads off this site or nowhere, and is dropped', (value) => {
    expect(sameSitePath(value)).toBeNull();
  });
});
