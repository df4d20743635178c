import type { ServerBuild } from '@remix-run/node';

/** Of paths that Remix reads as others than they are: a segment is empty, or a step to a folder. */
const MOVED = /\/\/|\/(\.|%2e){1,2}(\/|$)/i;

/** `pattern` like `/api/v1/rooms/:roomId`. */
export type MatchedRoute = { id: string; pattern: string };

/** A place in the tree of patterns: what may follow, literally or as a parameter, and which route ends here. */
type Place = { literal: Map<string, Place>; parameter: Place | null; route: MatchedRoute | null };

/**
 * Names the route that Remix would take for a path, or null when there is none. Remix's own matcher flattens and scores all
 * routes again for each request; here they are laid out once, since every request asks.
 */
export function routeMatcher(routes: ServerBuild['routes']): (path: string) => MatchedRoute | null {
  const root = newPlace();
  for (const { id, path, index } of Object.values(routes)) {
    const pattern = patternOf(routes, id);
    // A splat is the page that says that there is nothing.
    if ((path === undefined && !index) || pattern.includes('*')) continue;
    placeFor(root, segmentsOf(pattern)).route ??= { id, pattern };
  }
  return (path) =>
    isDecodable(path) && !MOVED.test(path) ? find(root, segmentsOf(pagePath(path).toLowerCase()), 0) : null;
}

function newPlace(): Place {
  return { literal: new Map(), parameter: null, route: null };
}

function patternOf(routes: ServerBuild['routes'], id: string): string {
  const segments: string[] = [];
  for (let route = routes[id]; route; route = route.parentId === undefined ? undefined : routes[route.parentId]) {
    segments.unshift(...segmentsOf(route.path ?? ''));
  }
  return `/${segments.join('/')}`;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function placeFor(root: Place, segments: string[]): Place {
  let place = root;
  for (const segment of segments) {
    if (segment.startsWith(':')) {
      place = place.parameter ??= newPlace();
    } else {
      const next = place.literal.get(segment.toLowerCase()) ?? newPlace();
      place.literal.set(segment.toLowerCase(), next);
      place = next;
    }
  }
  return place;
}

/** What is written out wins over a parameter, as in Remix. */
function find(place: Place, segments: string[], at: number): MatchedRoute | null {
  const segment = segments[at];
  if (segment === undefined) return place.route;
  const literal = place.literal.get(segment);
  const found = literal ? find(literal, segments, at + 1) : null;
  if (found !== null || place.parameter === null) return found;
  return find(place.parameter, segments, at + 1);
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
