const MOST = 300;

/** An error's message as it may leave the browser: without addresses, links, quotations, tokens and ids of any length. */
export function scrubText(text: string): string {
  const clean = text
    .replace(/\b\w+:\/\/\S+/g, '[link]')
    .replace(/[^\s"'`<>]+@[^\s"'`<>]+/g, '[address]')
    .replace(/(["'`“„«]).*?(["'`”“»]|$)/gs, '[text]')
    .replace(/\b[\w-]*\d[\w-]{15,}\b|\b[\w-]{32,}\b/g, '[id]');
  return clean.length > MOST ? `${clean.slice(0, MOST)}…` : clean;
}

/** Where it was, as a pattern: ids, shares' keys and queries are left out. Takes a path or an address. */
export function pageOf(address: string): string {
  const path = address.replace(/^\w+:\/\/[^/]+/, '').replace(/[?#].*$/s, '');
  if (path.startsWith('/assets/')) return path;
  return path
    .replace(/^\/share\/[^/]+/, '/share/:token')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/gi, ':id')
    .replace(/[^/]{40,}/g, ':id');
}
