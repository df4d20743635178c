import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin, type Rollup } from 'vite';
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
    fewFiles(),
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
  worker: { format: 'es' },
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

/**
 * What browsers fetch together is in one file. Left alone the bundler makes a file of each icon and each small component that
 * two pages share, some seventy of them for a room: each costs a request and compresses badly.
 *
 * In order: a module is in the first of these that needs it. What no line reaches (a page's own, what opens on demand) is
 * split as the bundler sees fit.
 */
const FILES: [name: string, startsAt: RegExp][] = [
  ['tool-calls', /\/app\/timeline\/describe-tool-call\.ts$/],
  ['frame', /\/app\/(root|routes\/_index|components\/(request-key|use-looks|ui\/(card|confirm|field|input)))\.tsx?$/],
  ['markdown', /\/app\/components\/(markdown|copy-button)\.tsx$/],
  ['timeline', /\/app\/timeline\/(step-card|plan-card|use-conversation)\.tsx?$/],
  ['conversation', /\/app\/components\/(conversation-(view|menu)|side-panels|retention\/retention-note)\.tsx$/],
];
const PACKAGES: [name: string, path: RegExp][] = [
  [
    'framework',
    /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run\/\w+|turbo-stream)\//,
  ],
  ['icons', /\/node_modules\/lucide-react\//],
  ['frame', /\/node_modules\/(tailwind-merge|clsx|@radix-ui\/react-(slot|compose-refs))\//],
  ['markdown', /\/node_modules\/marked\//],
  ['timeline', /\/node_modules\/eventsource-parser\//],
];

function fewFiles(): Plugin {
  const placed = new Map<string, string>();
  function place({ getModuleIds, getModuleInfo }: Rollup.ManualChunkMeta) {
    const ids = [...getModuleIds()];
    const walk = (id: string, name: string) => {
      // Pages and what they start with are files of their own; of packages only some go along.
      if (placed.has(id) || id.includes('/node_modules/')) return;
      const isPage = /\/app\/(root|entry\.client|routes\/[^/]+)\.tsx?(\?|$)/.test(id);
      placed.set(id, isPage ? '' : name);
      for (const imported of getModuleInfo(id)?.importedIds ?? []) walk(imported, name);
    };
    for (const [name, startsAt] of FILES) for (const id of ids) if (startsAt.test(id)) walk(id, name);
    for (const [name, path] of PACKAGES) for (const id of ids) if (path.test(id)) placed.set(id, name);
  }
  return {
    name: 'few-files',
    apply: 'build',
    config: (_config, { isSsrBuild }) =>
      isSsrBuild
        ? {}
        : {
            build: {
              rollupOptions: {
                output: {
                  onlyExplicitManualChunks: true,
                  manualChunks: (id, graph) => {
                    if (placed.size === 0) place(graph);
                    return placed.get(id) || undefined;
                  },
                },
              },
            },
          },
  };
}
