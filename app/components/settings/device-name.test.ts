import { expect, it } from 'vitest';
import { deviceName } from '#app/components/settings/device-name.ts';

it('calls a browser by the name that a person knows it by', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome on Windows');
  expect(deviceName(`${chrome} Edg/130.0`)).toBe('Edge on Windows');
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1';
  expect(deviceName(iphone)).toBe('Safari on iPhone');
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0')).toBe('Firefox on Linux');
});

it('says so when it can’t tell', () => {
  expect(deviceName(null)).toBe('An unknown device');
  expect(deviceName('curl/8.0')).toBe('An unknown device');
});
