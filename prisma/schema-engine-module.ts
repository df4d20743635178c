import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Engine from '@prisma/schema-engine-wasm';

/**
 * Prisma's schema engine, as WebAssembly from npm: `prisma migrate` would download a binary on first use, which a closed
 * network refuses. Its files are loaded by path because Node can't import a `.wasm` as a module; once, as its JavaScript
 * half keeps the instance in a variable.
 */
const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
const engine = (await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href)) as typeof Engine & {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
};
const compiled = await WebAssembly.compile(await readFile(join(folder, 'schema_engine_bg.wasm')));
const instance = await WebAssembly.instantiate(compiled, {
  './schema_engine_bg.js': engine as unknown as WebAssembly.ModuleImports,
});
engine.__wbg_set_wasm(instance.exports);
(instance.exports['__wbindgen_start'] as () => void)();

export const { SchemaEngine } = engine;
