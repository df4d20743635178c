// Plain JavaScript in old syntax: a Node that can't run the rest must still be able to say so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Pantheon needs Node 24 (22.18 at least); this is ${process.versions.node}.\n` +
      'Start it with “npm start”: after “npm ci” that uses the Node that comes with it.\n',
  );
  process.exit(1);
}

const { enableCompileCache } = await import('node:module');
const { join } = await import('node:path');
const hotReload = process.argv.includes('--hot-reload');
// The next start reads what this one compiles. Where nothing can be written it goes without.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));
try {
  const { ensureBuilt, ensureClient } = await import('./ensure-built.ts');
  await (hotReload ? ensureClient() : ensureBuilt());
} catch (error) {
  process.stderr.write(`\nPantheon could not start.\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
await import('../server/index.ts');
