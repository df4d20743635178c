import { expect, test } from 'vitest';
import { pageOf, scrubText } from './scrub.ts';

test('what somebody wrote doesn’t leave the browser in an error’s message (I8)', () => {
  const told = [
    `Unexpected token 'D', "Dear diary, I" is not valid JSON`,
    'No room “Merger with Acme” for ada@example.com',
    'fetch of https://files.example.com/secret.pdf?token=abc failed',
    `Minified React error #418; visit https://react.dev/errors/418?args[]=my%20text for the full message`,
    'bad key pan_5f2a9c0e7b1d4a86 in 01890a5d-ac96-774b-bcce-b302099a8057',
    'a quotation that never ends: "my plan is',
  ].map(scrubText);
  expect(told).toEqual([
    'Unexpected token [text], [text] is not valid JSON',
    'No room [text] for [address]',
    'fetch of [link] failed',
    'Minified React error #418; visit [link] for the full message',
    'bad key [id] in [id]',
    'a quotation that never ends: [text]',
  ]);
  expect(scrubText('Cannot read properties of undefined (reading length)')).toBe(
    'Cannot read properties of undefined (reading length)',
  );
  expect(scrubText('x '.repeat(1_000)).length).toBeLessThan(310);
});

test('a page is told by its pattern, a script by its name', () => {
  expect(pageOf('/rooms/01890a5d-ac96-774b-bcce-b302099a8057')).toBe('/rooms/:id');
  expect(pageOf('https://example.com/share/AbC-123?x=1')).toBe('/share/:token');
  expect(pageOf('https://example.com/sign-in/verify?token=secret#x')).toBe('/sign-in/verify');
  expect(pageOf('https://example.com/assets/root-B8ItZ9qO.js')).toBe('/assets/root-B8ItZ9qO.js');
});
