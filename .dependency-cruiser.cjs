/**
 * docs/architecture.md's table of who may import whom, as rules. tests/architecture/dependency-rules.test.ts breaks each
 * of them once and sees it fire.
 *
 * `server/<domain>/contract.ts` (the wire's words: zod and types) is free to all. Tests may import everything.
 */
const TEST = '(^tests/|\\.test\\.tsx?$|/testing/)';
const CONTRACT = '^server/[^/]+/contract\\.ts$';
/** Small functions on strings that browser and server share; they import nothing but each other. */
const PURE = [
  '^server/platform/plain-text\\.ts$',
  '^server/agents/name-key\\.ts$',
  '^graphs/(tags|escape-pattern)\\.ts$',
];
/** A folder of server/ that is neither plumbing nor the root's composition. */
const DOMAIN = '^server/(?!platform/|http/|adapters/)[^/]+/';
const pkg = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

const forbidden = [
  {
    name: 'no-circular',
    comment: 'Types may refer to each other in a circle; code may not.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'not-to-unresolvable',
    comment: 'What is imported must exist.',
    from: {},
    to: { couldNotResolve: true, pathNot: ['^virtual:', '^\\.\\./build/', '/build/server/'] },
  },
  {
    name: 'not-to-dev-dependency',
    comment: 'What the product runs on is in `dependencies`. The development server is loaded by `npm run dev` alone.',
    from: { path: '^(app|graphs|jobs|server|prisma)/', pathNot: TEST },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: pkg('vite', '@types', '@remix-run/dev'),
    },
  },
  {
    name: 'contract-is-a-leaf',
    comment: 'A contract is shared by browser, server and documents: zod, other contracts and what is pure.',
    from: { path: CONTRACT },
    to: { pathNot: [CONTRACT, ...PURE, pkg('zod')] },
  },
  {
    name: 'pure-imports-pure',
    comment: 'What browser and server share runs anywhere.',
    from: { path: PURE },
    to: { pathNot: PURE },
  },
  {
    name: 'views-see-contracts-only',
    comment: 'What runs in the browser knows the server by its contracts.',
    from: { path: '^app/(components|timeline)/', pathNot: TEST },
    to: { path: '^(server|graphs|jobs|prisma)/', pathNot: [CONTRACT, ...PURE] },
  },
  {
    name: 'views-know-no-route',
    comment: 'A component is used by routes, never the other way round.',
    from: { path: '^app/(components|timeline)/' },
    to: { path: '^app/routes/' },
  },
  {
    name: 'routes-call-domains',
    comment: 'A route parses, authorises and calls one verb; vendors, graphs and tables are behind it.',
    from: { path: '^app/', pathNot: TEST },
    to: { path: '^(server/(adapters|platform/prisma)/|graphs/|prisma/)', pathNot: PURE },
  },
  {
    name: 'nobody-imports-a-route',
    comment: 'Routes share what they share through app/ or a domain.',
    from: { path: '^(app|server|jobs|graphs)/', pathNot: TEST },
    to: { path: '^app/routes/' },
  },
  {
    name: 'only-the-root-imports-jobs',
    comment: 'Jobs are started by the composition root; whoever wants one done enqueues it.',
    from: { path: '^(app|graphs|server/[^/]+/)', pathNot: TEST },
    to: { path: '^jobs/' },
  },
  {
    name: 'jobs-call-verbs',
    comment: 'A job is a name, a schedule, a payload and one verb of a domain.',
    from: { path: '^jobs/', pathNot: TEST },
    to: { path: '^(app|graphs|prisma|server/(adapters|http))/' },
  },
  {
    name: 'server-knows-no-page',
    comment: 'Pages call the server; the built pages are loaded by path.',
    from: { path: '^(server|graphs|prisma)/', pathNot: TEST },
    to: { path: '^app/' },
  },
  {
    name: 'platform-is-the-floor',
    comment: 'The floor knows nobody who stands on it.',
    from: { path: '^server/platform/', pathNot: TEST },
    to: { path: '^(server|graphs|jobs)/', pathNot: ['^server/platform/', CONTRACT] },
  },
  {
    name: 'adapters-know-no-domain',
    comment: 'An adapter turns a vendor into its port.',
    from: { path: '^server/adapters/', pathNot: TEST },
    to: { path: '^(server|graphs|jobs)/', pathNot: ['^server/(adapters|platform)/', CONTRACT] },
  },
  {
    name: 'http-knows-auth-only',
    comment: 'The HTTP plumbing knows who asks, and no other domain.',
    from: { path: '^server/http/', pathNot: TEST },
    to: { path: [DOMAIN, '^(graphs|jobs)/', '^server/adapters/'], pathNot: [CONTRACT, '^server/auth/'] },
  },
  {
    name: 'graphs-stand-alone',
    comment:
      'Graphs run without app and database: they see graphs/ports.ts. graphs/studio*.ts wires a model for Studio.',
    from: { path: '^graphs/', pathNot: [TEST, '^graphs/studio[^/]*\\.ts$'] },
    to: { path: '^(app|server|jobs|prisma)/' },
  },
  {
    name: 'studio-wires-models-only',
    comment: 'Studio needs a model and its configuration, nothing else of the server.',
    from: { path: '^graphs/studio[^/]*\\.ts$', pathNot: TEST },
    to: {
      path: '^(app|server|jobs|prisma)/',
      pathNot: ['^server/adapters/llm/', '^server/platform/(load-)?env\\.ts$', CONTRACT],
    },
  },
  {
    name: 'graphs-are-run-by-turns',
    comment:
      'One executor; server/xray and server/recordings replay what it did and call nothing. The types in graphs/ports.ts and the prompts as filed are everyone’s.',
    from: { path: '^(app|server|jobs|prisma)/', pathNot: [TEST, '^server/(turns|context|tools|xray|recordings)/'] },
    to: { path: '^graphs/', pathNot: ['^graphs/ports\\.ts$', '^graphs/prompts/', ...PURE] },
  },
  {
    name: 'context-runs-no-graph',
    comment:
      'server/context writes what an agent remembers, server/tools what it looks up; they share the graphs’ words and run none of them.',
    from: { path: '^server/(context|tools)/', pathNot: TEST },
    to: { path: '^graphs/', pathNot: ['^graphs/(ports|quote|plan)\\.ts$', '^graphs/prompts/'] },
  },
  {
    name: 'vendors-behind-adapters',
    comment: 'A vendor’s SDK is imported by its adapter.',
    from: { path: '^(app|graphs|jobs|server|prisma)/', pathNot: [TEST, '^server/adapters/'] },
    to: { path: pkg('openai', 'stripe', 'nodemailer', '@supabase') },
  },
  {
    name: 'langgraph-in-its-places',
    comment: 'LangGraph is the graphs’, their executor’s and the checkpointer’s.',
    from: {
      path: '^(app|graphs|jobs|server|prisma)/',
      pathNot: [TEST, '^graphs/', '^server/turns/', '^server/platform/checkpointer\\.ts$', '^prisma/migrate\\.ts$'],
    },
    to: { path: pkg('@langchain/langgraph[^/]*') },
  },
  {
    name: 'queue-behind-its-door',
    comment: 'pg-boss is reached through server/platform.',
    from: {
      path: '^(app|graphs|jobs|server|prisma)/',
      pathNot: [TEST, '^server/platform/', '^prisma/migrate\\.ts$'],
    },
    to: { path: pkg('pg-boss') },
  },
  {
    name: 'product-knows-no-test',
    comment: 'Tests import the product, never the other way round.',
    from: { path: '^(app|graphs|jobs|server|prisma)/', pathNot: TEST },
    to: { path: TEST },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: ['node_modules', '^server/platform/prisma/'] },
    exclude: { path: '^build/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
