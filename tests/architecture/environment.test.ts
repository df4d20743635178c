import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODEL_ALIASES } from '#server/agents/contract.ts';
import { ENV_NAMES } from '#server/platform/env.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Names that end in one of a family: STRIPE_PRICE_PRO, LLM_MODEL_QWEN. */
const FAMILY = new RegExp(
  `^(LLM_MODEL_(${MODEL_ALIASES.join('|').toUpperCase()})|STRIPE_PRICE_(TOPUP_\\d+|STARTER|PRO|POWER))$`,
);

test('.env.example lists every variable that the product reads, and no other', () => {
  const listed = [...read('.env.example').matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '');
  const fixed = listed.filter((name) => !FAMILY.test(name));
  expect(new Set(fixed)).toEqual(new Set(ENV_NAMES));
});

test('the environment is read in one place', () => {
  const reading = productFiles().filter((path) => /process\.env\b/.test(read(path)));
  expect(reading).toEqual(['server/platform/load-env.ts']);
});

test('langgraph.json names graphs that exist', () => {
  const { graphs } = JSON.parse(read('langgraph.json')) as { graphs: Record<string, string> };
  expect(Object.keys(graphs).sort()).toEqual(['direct', 'manual', 'orchestrator', 'roundtable']);
  for (const place of Object.values(graphs)) {
    const [path = '', name] = place.split(':');
    expect(read(path)).toMatch(new RegExp(`export (async )?(const|function) ${name}\\b|export \\{[^}]*\\b${name}\\b`));
  }
});

test('links between the documents lead somewhere', () => {
  const dead = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map((match) => join(path, '..', match[1] ?? ''))
      .filter((target) => !existsSync(join(ROOT, target)))
      .map((target) => `${path} → ${target}`),
  );
  expect(dead).toEqual([]);
});

function productFiles(): string[] {
  const exclude = ['server/platform/prisma/**', '**/*.test.*'];
  return globSync('{app,graphs,jobs,server,prisma}/**/*.{ts,tsx}', { cwd: ROOT, exclude });
}
