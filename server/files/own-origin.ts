import type { Env } from '#server/platform/env.ts';

/**
 * The origin of addresses that go back to whoever asked: the configured one, or, when this machine itself is asked under
 * another of its names (127.0.0.1 for localhost), that one, so that a page reaches it as its own.
 */
export function ownOrigin({ appUrl }: Pick<Env, 'appUrl'>, request: Request): string {
  const asked = new URL(request.url);
  return ['localhost', '127.0.0.1', '[::1]'].includes(asked.hostname) ? asked.origin : appUrl;
}
