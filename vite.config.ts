import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { denyImports } from 'vite-env-only';

declare module '@remix-run/node' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into Remix's own
  interface Future {
    v3_singleFetch: true;
  }
}

/** All but the wire's words and a few small functions on strings. */
const NOT_FOR_BROWSERS =
  /^#(jobs|prisma)\/|^#graphs\/(?!tags\.ts$)|^#server\/(?!([^/]+\/contract|platform\/plain-text|agents\/name-key)\.ts$)/;

export default defineConfig({
  plugins: [
    resourceRoutesStayHome(),
    serverCodeStaysOutside(),
    redocStaysHome(),
    denyImports({ client: { specifiers: [NOT_FOR_BROWSERS] } }),
    tailwindcss(),
    remix({
      ignoredRouteFiles: ['**/.*', '**/*.test.{ts,tsx}'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: true,
      },
    }),
  ],
  build: { target: 'es2022', sourcemap: false },
  server: { watch: { ignored: ['**/.data/**', '**/build/**', '**/test-results/**'] } },
});

/** A route in a .ts file has no page: the browser gets nothing of it. (Remix removes only exports that it knows.) */
function resourceRoutesStayHome(): Plugin {
  return {
    name: 'resource-routes-stay-home',
    enforce: 'pre',
    load(id, options) {
      return !options?.ssr && /\/app\/routes\/[^?]*\.ts$/.test(id) ? 'export {}' : null;
    },
  };
}

/**
 * The built pages import the server's own files, which Node runs as they are, so that a process holds one copy of each.
 * While developing they go through Vite instead and are reloaded.
 */
function serverCodeStaysOutside(): Plugin {
  return {
    name: 'server-code-stays-outside',
    apply: 'build',
    enforce: 'pre',
    resolveId(id, _importer, options) {
      return options.ssr && /^#(server|graphs|jobs|prisma)\//.test(id) ? { id, external: true } : null;
    },
  };
}

/** The address of Redoc's reader, built without the pictures that it would fetch from its makers' server or carry inline. */
function redocStaysHome(): Plugin {
  const id = 'virtual:redoc-url';
  const bundle = 'redoc/bundles/redoc.standalone.js';
  let building = false;
  return {
    name: 'redoc-stays-home',
    configResolved: ({ command }) => {
      building = command === 'build';
    },
    resolveId: (given) => (given === id ? `\0${id}` : null),
    load(given, options) {
      if (given !== `\0${id}`) return null;
      if (options?.ssr) return `export default ''`;
      if (!building) return `export { default } from '${bundle}?url'`;
      const source = readFileSync(createRequire(import.meta.url).resolve(bundle), 'utf8');
      const home = source.replaceAll(
        /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini\.svg|data:image\/svg\+xml;base64,[\w+/=]+/g,
        '/favicon.svg',
      );
      return `export default import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name: 'redoc.js', source: home })}`;
    },
  };
}
