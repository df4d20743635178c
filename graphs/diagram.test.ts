import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildDirect } from './direct.ts';
import { buildManual } from './manual.ts';
import { buildOrchestrator } from './orchestrator.ts';
import type { PortsFor } from './ports.ts';
import { buildRoundtable } from './roundtable.ts';

const noPorts: PortsFor = () => {
  throw new Error('A drawing needs no ports.');
};

test.each([
  ['manual', buildManual(noPorts).compile()],
  ['roundtable', buildRoundtable(noPorts).compile()],
  ['orchestrator', buildOrchestrator(noPorts).compile()],
  ['direct', buildDirect(noPorts).compile()],
])('docs/graphs.md draws %s as it is', async (name, graph) => {
  const drawing = (await graph.getGraphAsync()).drawMermaid({ withStyles: false }).trim();
  const docs = readFileSync(new URL('../docs/graphs.md', import.meta.url), 'utf8');
  const section = docs.split(/^## /mu).find((part) => part.toLowerCase().startsWith(name));
  expect(section).toContain(`\`\`\`mermaid\n${drawing}\n\`\`\``);
});
