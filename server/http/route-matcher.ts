import type { ServerBuild } from '@remix-run/node';
import { matchRoutes } from '@remix-run/react';

type RouteNode = { id: string; path?: string; index?: boolean; children?: RouteNode[] };

/** Names the route that Remix would take for a path, like `/api/v1/rooms/:roomId`, or null when there is none. */
export function routeMatcher(routes: ServerBuild['routes']): (path: string) => string | null {
  const tree = childrenOf(routes, undefined);
  return (path) => {
    if (!isDecodable(path)) return null;
    const matches = matchRoutes(tree as Parameters<typeof matchRoutes>[0], pagePath(path));
    // A splat is the page that says that there is nothing.
    if (!matches || matches.at(-1)?.route.path === '*') return null;
    const pattern = matches.flatMap(({ route }) => (route.path ? [route.path] : [])).join('/');
    return `/${pattern}`;
  };
}

/** A page's data is asked for at the page's address with `.data` behind it. */
function pagePath(path: string): string {
  if (path === '/_root.data') return '/';
  return path.endsWith('.data') ? path.slice(0, -5) : path;
}

export function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

function childrenOf(routes: ServerBuild['routes'], parentId: string | undefined): RouteNode[] {
  return Object.values(routes)
    .filter((route) => route.parentId === parentId)
    .map(({ id, path, index }) => {
      const children = childrenOf(routes, id);
      return { id, ...(path ? { path } : {}), ...(index ? { index } : children.length > 0 ? { children } : {}) };
    });
}
