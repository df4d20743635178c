import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const { forbidden = [], options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;

/** For each rule an import that breaks it, and one beside it that is fine. */
const CASES: Record<string, { broken: [from: string, to: string]; fine?: [from: string, to: string] }> = {
  'no-circular': { broken: ['server/rooms/a.ts', './b.ts'], fine: ['server/rooms/c.ts', './d.ts'] },
  'not-to-unresolvable': { broken: ['server/rooms/e.ts', './nowhere.ts'] },
  'not-to-dev-dependency': { broken: ['server/rooms/f.ts', 'vitest'], fine: ['server/rooms/f.test.ts', 'vitest'] },
  'contract-is-a-leaf': {
    broken: ['server/rooms/contract.ts', 'pg'],
    fine: ['server/rooms/contract.ts', '../agents/contract.ts'],
  },
  'pure-imports-pure': { broken: ['graphs/tags.ts', 'pg'], fine: ['graphs/tags.ts', './escape-pattern.ts'] },
  'views-see-contracts-only': {
    broken: ['app/timeline/view.tsx', '../../server/turns/stop-turn.ts'],
    fine: ['app/timeline/view.tsx', '../../server/turns/contract.ts'],
  },
  'views-know-no-route': { broken: ['app/components/card.tsx', '../routes/home.tsx'] },
  'routes-call-domains': {
    broken: ['app/routes/room.tsx', '../../server/adapters/llm/vendor.ts'],
    fine: ['app/routes/room.tsx', '../../server/turns/stop-turn.ts'],
  },
  'nobody-imports-a-route': { broken: ['app/root.tsx', './routes/home.tsx'] },
  'only-the-root-imports-jobs': {
    broken: ['server/auth/ask.ts', '../../jobs/send.ts'],
    fine: ['server/compose.ts', '../jobs/send.ts'],
  },
  'jobs-call-verbs': {
    broken: ['jobs/mail.ts', '../server/adapters/llm/vendor.ts'],
    fine: ['jobs/mail.ts', '../server/turns/stop-turn.ts'],
  },
  'server-knows-no-page': { broken: ['server/rooms/g.ts', '../../app/root.tsx'] },
  'platform-is-the-floor': {
    broken: ['server/platform/queue.ts', '../turns/stop-turn.ts'],
    fine: ['server/platform/queue.ts', './logger.ts'],
  },
  'adapters-know-no-domain': {
    broken: ['server/adapters/mail/smtp.ts', '../../turns/stop-turn.ts'],
    fine: ['server/adapters/mail/smtp.ts', '../../platform/logger.ts'],
  },
  'http-knows-auth-only': {
    broken: ['server/http/serve.ts', '../turns/stop-turn.ts'],
    fine: ['server/http/serve.ts', '../auth/who.ts'],
  },
  'graphs-stand-alone': {
    broken: ['graphs/manual.ts', '../server/platform/logger.ts'],
    fine: ['graphs/manual.ts', './ports.ts'],
  },
  'studio-wires-models-only': {
    broken: ['graphs/studio.ts', '../server/turns/stop-turn.ts'],
    fine: ['graphs/studio.ts', '../server/adapters/llm/vendor.ts'],
  },
  'graphs-are-run-by-turns': {
    broken: ['server/rooms/h.ts', '../../graphs/direct.ts'],
    fine: ['server/turns/execute.ts', '../../graphs/direct.ts'],
  },
  'context-runs-no-graph': {
    broken: ['server/context/recall.ts', '../../graphs/direct.ts'],
    fine: ['server/context/recall.ts', '../../graphs/ports.ts'],
  },
  'vendors-behind-adapters': {
    broken: ['server/billing/pay.ts', 'stripe'],
    fine: ['server/adapters/payments/stripe.ts', 'stripe'],
  },
  'langgraph-in-its-places': {
    broken: ['server/rooms/i.ts', '@langchain/langgraph'],
    fine: ['graphs/direct.ts', '@langchain/langgraph'],
  },
  'queue-behind-its-door': { broken: ['jobs/again.ts', 'pg-boss'], fine: ['server/platform/queue.ts', 'pg-boss'] },
  'product-knows-no-test': { broken: ['server/rooms/j.ts', '../../tests/support/client.ts'] },
};

let folder = '';
let violations: ICruiseResult['summary']['violations'] = [];

/** One small tree with every violation in it, judged once. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pantheon-rules-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const files = new Map<string, string>([
    ['server/rooms/b.ts', `import './a.ts';\n`],
    ['server/rooms/d.ts', `import type { X } from './c.ts';\nexport type Y = X;\n`],
    [
      'package.json',
      JSON.stringify({ dependencies: { pg: '*', stripe: '*', 'pg-boss': '*' }, devDependencies: { vitest: '*' } }),
    ],
  ]);
  for (const [from, to] of imports()) {
    files.set(from, `${files.get(from) ?? ''}import '${to}';\n`);
    const target = join(dirname(from), to);
    if (to.startsWith('.') && !to.includes('nowhere') && !files.has(target)) files.set(target, 'export {};\n');
  }
  for (const [path, content] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { tsConfig: _, ...rest } = options ?? {};
  const result = await cruise(['app', 'graphs', 'jobs', 'server', 'tests'], {
    ...rest,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden },
  });
  violations = (result.output as ICruiseResult).summary.violations;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function imports(): [string, string][] {
  return Object.values(CASES).flatMap(({ broken, fine }) => (fine ? [broken, fine] : [broken]));
}

function firedFor(rule: string, [from, to]: [string, string]): boolean {
  const target = to.startsWith('.') ? join(dirname(from), to) : `node_modules/${to}`;
  return violations.some(
    (found) => found.rule.name === rule && found.from === from && (found.to.includes(target) || found.to === to),
  );
}

test('every rule about imports has a case here', () => {
  expect(Object.keys(CASES).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
});

test.each(Object.entries(CASES))('%s: fires for what it forbids', (rule, { broken }) => {
  expect(firedFor(rule, broken)).toBe(true);
});

test.each(Object.entries(CASES).filter(([, { fine }]) => fine))('%s: lets pass what is fine', (rule, { fine }) => {
  expect(fine && firedFor(rule, fine)).toBe(false);
});
