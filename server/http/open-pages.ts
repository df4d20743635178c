import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { Pages } from '#server/http/create-server.ts';
import { loadAsInProduction } from '#server/platform/load-env.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The pages that `npm run build` made. */
export async function openBuiltPages(): Promise<Pages> {
  const entry = join(ROOT, 'build/server/index.js');
  if (!existsSync(entry))
    throw new Error('The pages are not built. Run npm run build, or npm start, which does it by itself.');
  // Also where the server isn’t in production, which costs a page of a long room a fifth of its time otherwise.
  const build = (await loadAsInProduction(() => import(pathToFileURL(entry).href))) as ServerBuild;
  return { build: () => Promise.resolve(build), vite: null, clientFolder: join(ROOT, 'build/client') };
}

/** Pages built as they are asked for, with hot reload over the same port. */
export async function openVitePages(server: Server): Promise<Pages> {
  const { createServer } = await import('vite');
  const vite = await createServer({ root: ROOT, server: { middlewareMode: true, hmr: { server } } });
  const build = async () => (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild;
  return { build, vite, clientFolder: '' };
}
