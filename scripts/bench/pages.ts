/**
 * What a browser fetches before a page works: `npm run bench:pages` prints the JavaScript of each page (gzip, kB) as the
 * build’s manifest names it, the route’s parents included, and what is fetched only when it is needed.
 *
 * Options: --limit 180 (kB). Ends with 1 when a page is above it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ensureBuilt } from '../ensure-built.ts';
import { say } from '../say.ts';

const CLIENT = join(import.meta.dirname, '../../build/client');
const { values } = parseArgs({ options: { limit: { type: 'string', default: '180' } } });

type Route = { id: string; parentId?: string; path?: string; module: string; imports: string[]; css: string[] };
type Manifest = { entry: { module: string; imports: string[] }; routes: Record<string, Route> };

await ensureBuilt();
const assets = await readdir(join(CLIENT, 'assets'));
const manifest = await readManifest();
const sizes = new Map<string, number>();
for (const name of assets.filter((asset) => asset.endsWith('.js') || asset.endsWith('.css'))) {
  sizes.set(`/assets/${name}`, gzipSync(await readFile(join(CLIENT, 'assets', name))).length / 1000);
}

const pages = Object.values(manifest.routes)
  .filter(({ id }) => id !== 'root' && !/^routes\/(api|dev|storage)[._]/.test(id))
  .map((route) => ({ id: route.id.replace('routes/', ''), kB: sum(filesOf(route)), styles: sum(stylesOf(route)) }))
  .sort((a, b) => b.kB - a.kB);
say('Page: JavaScript, styles (kB, gzip)');
for (const { id, kB, styles } of pages) say(`  ${kB.toFixed(1).padStart(7)} ${styles.toFixed(1).padStart(6)}  ${id}`);

const first = new Set(Object.values(manifest.routes).flatMap(filesOf));
const later = [...sizes].filter(([name]) => name.endsWith('.js') && !first.has(name) && !name.includes('/manifest-'));
say('Fetched when it is needed');
for (const [name, kB] of later.sort((a, b) => b[1] - a[1])) say(`  ${kB.toFixed(1).padStart(7)}  ${name}`);

const limit = Number(values.limit);
const above = pages.filter(({ kB }) => kB > limit);
if (above.length > 0) {
  say(`Above ${limit} kB: ${above.map(({ id }) => id).join(', ')}`);
  process.exitCode = 1;
}

async function readManifest(): Promise<Manifest> {
  const name = assets.find((asset) => /^manifest-.*\.js$/.test(asset));
  if (!name) throw new Error('The build has no manifest.');
  const text = await readFile(join(CLIENT, 'assets', name), 'utf8');
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Manifest;
}

function lineage(route: Route): Route[] {
  const parent = route.parentId === undefined ? undefined : manifest.routes[route.parentId];
  return parent ? [route, ...lineage(parent)] : [route];
}

function filesOf(route: Route): string[] {
  const own = lineage(route).flatMap(({ module, imports }) => [module, ...imports]);
  return [...new Set([manifest.entry.module, ...manifest.entry.imports, ...own])];
}

function stylesOf(route: Route): string[] {
  return [...new Set(lineage(route).flatMap(({ css }) => css))];
}

function sum(files: string[]): number {
  return files.reduce((total, file) => total + (sizes.get(file) ?? 0), 0);
}
