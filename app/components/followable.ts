/** An address that comes from a model or from the web, if it is one that may be followed from here. */
export function followable(href: string | undefined): URL | null {
  const url = href !== undefined && URL.canParse(href) ? new URL(href) : null;
  return url && ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url : null;
}
