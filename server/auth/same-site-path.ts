const ANYWHERE = 'http://pantheon.invalid';

/**
 * The path, query and fragment of a place on this site, or null for anything that could lead elsewhere:
 * `https://…`, `//host`, `/\host`, `/.//host`.
 */
export function sameSitePath(value: string | null | undefined): string | null {
  if (!value?.startsWith('/')) return null;
  const url = URL.parse(value, ANYWHERE);
  if (url?.origin !== ANYWHERE || url.pathname.startsWith('//')) return null;
  return url.pathname + url.search + url.hash;
}
