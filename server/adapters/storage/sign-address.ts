import { createHmac, timingSafeEqual } from 'node:crypto';

/** What an address on this server allows; all of it is in the signature. */
export type Grant = { method: 'GET' | 'PUT'; key: string; expires: number; size: string; type: string; name: string };

/** The address of a grant. Signed with a key of its own, derived from the server's secret. */
export function signAddress(secret: string, grant: Grant): string {
  const { method, key, ...rest } = grant;
  const query = new URLSearchParams({
    method,
    expires: String(rest.expires),
    ...(rest.size === '' ? {} : { size: rest.size }),
    ...(rest.type === '' ? {} : { type: rest.type }),
    ...(rest.name === '' ? {} : { name: rest.name }),
    signature: signatureOf(secret, grant).toString('base64url'),
  });
  return `/storage/${key}?${query.toString()}`;
}

/** The grant of an address, or null when it was not signed by us. Whether it has expired is the caller's to look at. */
export function readAddress(secret: string, address: URL): Grant | null {
  const of = (name: string) => address.searchParams.get(name) ?? '';
  const method = of('method');
  const expires = Number(of('expires'));
  if ((method !== 'GET' && method !== 'PUT') || !Number.isSafeInteger(expires)) return null;
  const key = address.pathname.replace(/^\/storage\//, '');
  const grant: Grant = { method, key, expires, size: of('size'), type: of('type'), name: of('name') };
  const given = Buffer.from(of('signature'), 'base64url');
  const right = signatureOf(secret, grant);
  return given.length === right.length && timingSafeEqual(given, right) ? grant : null;
}

function signatureOf(secret: string, { method, key, expires, size, type, name }: Grant): Buffer {
  const derived = createHmac('sha256', secret).update('pantheon storage addresses').digest();
  return createHmac('sha256', derived)
    .update(JSON.stringify([method, key, expires, size, type, name]))
    .digest();
}
