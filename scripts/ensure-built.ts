import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withFolderLock } from '#server/platform/folder-lock.ts';
import { generateClient } from './generate-client.ts';
import { say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');

/** What ends up in the pages. Of the server's and the graphs' code that is what browsers share; the rest is imported. */
const PAGE_SOURCES = ['app', 'graphs', 'server', 'public', 'vite.config.ts', 'package-lock.json'];
const BUNDLED = /\/(contract|plain-text|name-key)\.ts$|^graphs\/(tags|escape-pattern)\.ts$/;
const CLIENT_SOURCES = ['prisma/schema.prisma', 'package-lock.json'];

/** Stamps and lock stand apart from build/, which each build empties. */
const CACHE = '.cache';

/** Generates the database client and builds the pages, each only when its sources changed. Any number may ask at once. */
export async function ensureBuilt(): Promise<void> {
  await alone(async () => {
    await ensureClientAlone();
    await onChange(`${CACHE}/pages-made-of`, PAGE_SOURCES, 'build/server/index.js', async () => {
      say('Building the pages (once, and after changes)');
      await build();
    });
  });
}

/** The database client alone: all that development and the type checker need beforehand. */
export async function ensureClient(): Promise<void> {
  await alone(ensureClientAlone);
}

async function ensureClientAlone(): Promise<void> {
  await onChange(`${CACHE}/client-made-of`, CLIENT_SOURCES, 'server/platform/prisma/client.ts', async () => {
    say('Generating the database client');
    await generateClient();
  });
}

async function alone(work: () => Promise<void>): Promise<void> {
  await mkdir(join(ROOT, CACHE), { recursive: true });
  await withFolderLock(join(ROOT, CACHE, 'build.lock'), work);
}

async function onChange(
  stampFile: string,
  sources: string[],
  product: string,
  make: () => Promise<void>,
): Promise<void> {
  const hash = createHash('sha256');
  for (const source of sources) await addTo(hash, source);
  const stamp = hash.digest('hex');
  const known = await readFile(join(ROOT, stampFile), 'utf8').catch(() => '');
  if (known === stamp && existsSync(join(ROOT, product))) return;
  await make();
  await writeFile(join(ROOT, stampFile), stamp);
}

async function addTo(hash: Hash, path: string): Promise<void> {
  const found = await stat(join(ROOT, path)).catch(() => null);
  if (found === null || path === 'server/platform/prisma' || path.includes('.test.')) return;
  if (!found.isDirectory()) {
    if (/^(server|graphs)\//.test(path) && !BUNDLED.test(path)) return;
    hash.update(path).update(await readFile(join(ROOT, path)));
    return;
  }
  for (const name of (await readdir(join(ROOT, path))).sort()) await addTo(hash, `${path}/${name}`);
}

/** Remix's own build, quiet unless it fails. */
async function build(): Promise<void> {
  const remix = createRequire(import.meta.url).resolve('@remix-run/dev/dist/cli.js');
  const child = spawn(process.execPath, [remix, 'vite:build'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The pages could not be built:\n${output.replace(/ \{\s+watchFiles:[^]*$/, '')}`);
}
