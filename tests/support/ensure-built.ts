import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFolderLock } from '#server/platform/folder-lock.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** What ends up in the page bundle. */
const SOURCES = ['app', 'graphs', 'server', 'public', 'prisma', 'vite.config.ts', 'package-lock.json'];

/** Builds the pages unless the last build was made of the same sources. Any number of processes may ask at once. */
export async function ensureBuilt(): Promise<void> {
  await mkdir(join(ROOT, 'build'), { recursive: true });
  await withFolderLock(join(ROOT, 'build/lock'), async () => {
    const stampFile = join(ROOT, 'build/made-of');
    const stamp = await hashOfSources();
    if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
    await runScript('build');
    await writeFile(stampFile, stamp);
  });
}

async function runScript(name: string): Promise<void> {
  try {
    await run('npm', ['run', '--silent', name], { cwd: ROOT, maxBuffer: 64 * 2 ** 20 });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(`npm run ${name} failed.\n${said}`, { cause: error });
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) await addTo(hash, join(ROOT, source));
  return hash.digest('hex');
}

async function addTo(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) return;
  if (!found.isDirectory()) {
    if (!path.includes('.test.')) hash.update(path).update(await readFile(path));
    return;
  }
  for (const name of (await readdir(path)).sort()) await addTo(hash, join(path, name));
}
