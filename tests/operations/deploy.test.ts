import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetrics } from '#server/platform/metrics.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const alerts = read('deploy/prometheus/alerts.yaml');
const dashboard = read('deploy/grafana/pantheon.json');

test('dashboard and alerts ask for metrics that exist (NFR-OBS-003)', async () => {
  const { registry } = createMetrics();
  const known = new Set((await registry.getMetricsAsJSON()).map(({ name }) => name));
  const { panels } = JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] };
  const expressions = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...[...alerts.matchAll(/expr: (?:\|\n((?: {10,}.*\n)+)|(.*))/g)].map(([, block, line]) => block ?? line ?? ''),
  ];
  const asked = expressions.flatMap((text) => text.match(/\b[a-z]+(_[a-z0-9]+)+\b(?=[{[\s)]|$)/g) ?? []);
  const names = [...new Set(asked.map((name) => name.replace(/_(bucket|count|sum)$/, '')))].filter(
    (name) => !['histogram_quantile', 'clamp_min', 'rate_interval', 'ratio_1h', 'ratio_5m'].includes(name),
  );
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('each alert has a runbook that is written (NFR-REL-001)', () => {
  const runbooks = [...alerts.matchAll(/runbook: (docs\/[a-z]+\.md)(?:#([a-z-]+))?/g)];
  expect(runbooks.length).toBe(alerts.match(/- alert:/g)?.length);
  for (const [, path = '', anchor] of runbooks) {
    const headings = [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text.toLowerCase().replace(/\W+/g, '-'),
    );
    if (anchor) expect(headings, `${path}#${anchor}`).toContain(anchor);
  }
});

test('a pull request is checked, tested and built, and staging comes before production', () => {
  const workflow = read('.github/workflows/pull-request.yaml');
  for (const command of ['npm run check', 'npm test', 'docker build']) expect(workflow).toContain(`run: ${command}`);
  expect(read('.github/workflows/release.yaml')).toMatch(/production:\n\s+needs: staging/);
});
