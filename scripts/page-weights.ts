import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const CLIENT = join(import.meta.dirname, '../build/client');

type Route = { id: string; parentId?: string; module: string; imports: string[] };
type Manifest = { entry: { module: string; imports: string[] }; routes: Record<string, Route> };

/** In kB of gzip, heaviest first. */
export type Weight = { name: string; kB: number };

/**
 * What a browser fetches of a built page before it works: the route's JavaScript and its parents', as the build's manifest
 * names them; and what is fetched only when it is needed. Routes without a page of their own are left out.
 */
export async function weighPages(): Promise<{ pages: Weight[]; later: Weight[]; styles: Weight[] }> {
  const assets = await readdir(join(CLIENT, 'assets'));
  const sizes = new Map<string, number>();
  for (const name of assets.filter((asset) => /\.(js|css)$/.test(asset))) {
    sizes.set(`/assets/${name}`, gzipSync(await readFile(join(CLIENT, 'assets', name))).length / 1000);
  }
  const { entry, routes } = await readManifest(assets);
  const filesOf = (route: Route): string[] => [
    route.module,
    ...route.imports,
    ...(route.parentId !== undefined && routes[route.parentId] ? filesOf(routes[route.parentId] as Route) : []),
  ];
  const first = new Map(
    Object.values(routes)
      .filter(({ id }) => !/^(root|routes\/(api|dev|langgraph|storage|v1)[._].*)$/.test(id))
      .map((route) => [route.id.replace('routes/', ''), new Set([entry.module, ...entry.imports, ...filesOf(route)])]),
  );
  const known = new Set([...first.values()].flatMap((files) => [...files]));
  const weigh = (name: string, files: Iterable<string>) => ({
    name,
    kB: [...files].reduce((total, file) => total + (sizes.get(file) ?? 0), 0),
  });
  const sorted = (weights: Weight[]) => weights.sort((a, b) => b.kB - a.kB);
  const others = [...sizes.keys()].filter((name) => !known.has(name) && !name.includes('/manifest-'));
  return {
    pages: sorted([...first].map(([name, files]) => weigh(name, files))),
    later: sorted(others.filter((name) => name.endsWith('.js')).map((name) => weigh(name, [name]))),
    styles: sorted(others.filter((name) => name.endsWith('.css')).map((name) => weigh(name, [name]))),
  };
}

async function readManifest(assets: readonly string[]): Promise<Manifest> {
  const name = assets.find((asset) => /^manifest-.*\.js$/.test(asset));
  if (!name) throw new Error('The build has no manifest.');
  const text = await readFile(join(CLIENT, 'assets', name), 'utf8');
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Manifest;
}
