import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENV_NAMES } from '#server/platform/env.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const alerts = read('deploy/prometheus/alerts.yaml');
const dashboard = read('deploy/grafana/pantheon.json');

type Rule = { alert?: string; record?: string; expr: string; labels?: object; annotations?: Record<string, string> };
const rules = (parse(alerts) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

/** Words of PromQL that look like a metric's name. */
const FUNCTIONS = ['histogram_quantile', 'clamp_min'];

test('dashboard and alerts ask for metrics that the server shows, by labels that they have (NFR-OBS-003)', async () => {
  const { registry } = createMetrics();
  const known = new Map(
    (await registry.getMetricsAsJSON()).map(({ name }) => [name, labelsOf(registry.getSingleMetric(name))]),
  );
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
  const { panels, templating } = JSON.parse(dashboard) as {
    panels: { title: string; targets: { expr: string }[] }[];
    templating?: { list: { query?: unknown }[] };
  };
  expect(panels.length).toBeGreaterThan(10);
  expect(panels.filter(({ title, targets }) => !title || targets.length === 0)).toEqual([]);
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const asked = new Set<string>();
  for (const expression of expressions) {
    const text = expression.replace(/"[^"]*"/g, '""');
    for (const [, name = '', selector = ''] of text.matchAll(
      /\b((?:[a-z]+:)*[a-z]+(?:[_:][a-z0-9]+)+)\b(?:\{([^}]*)\})?(?!\s*\()/g,
    )) {
      if (
        FUNCTIONS.includes(name) ||
        recorded.has(name) ||
        /(by|without|on|ignoring|group_left|group_right) \([^)]*$/.test(text.slice(0, text.indexOf(name)))
      )
        continue;
      const metric = known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '');
      expect([...known.keys()], expression).toContain(metric);
      asked.add(metric);
      const labels = [...(known.get(metric) ?? []), 'le', 'job', 'instance'];
      for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
        expect(labels, expression).toContain(label);
    }
  }
  expect(asked.size).toBeGreaterThan(15);
  expect(templating).toBeDefined();
});

function labelsOf(metric: unknown): string[] {
  return (metric as { labelNames?: string[] } | undefined)?.labelNames ?? [];
}

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

type Job = {
  needs?: string | string[];
  environment?: string;
  uses?: string;
  with?: Record<string, string>;
  steps?: { run?: string; uses?: string }[];
};

test('a pull request is checked, tested and built, and staging comes before production', () => {
  const jobsOf = (path: string) => (parse(read(path)) as { jobs: Record<string, Job> }).jobs;
  const commands = Object.values(jobsOf('.github/workflows/pull-request.yaml')).flatMap(({ steps }) =>
    (steps ?? []).flatMap(({ run }) => run ?? []),
  );
  expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm run check', 'npm test']));
  expect(commands.join()).toContain('docker build');
  const { image, staging, production, ...others } = jobsOf('.github/workflows/release.yaml');
  expect(others).toEqual({});
  expect([image?.needs, staging?.needs, production?.needs]).toEqual([undefined, 'image', ['image', 'staging']]);
  expect([staging?.with?.['environment'], production?.with?.['environment']]).toEqual(['staging', 'production']);
  expect({ ...production?.with, environment: '' }).toEqual({ ...staging?.with, environment: '' });
  expect([staging?.uses, production?.uses]).toEqual(Array(2).fill('./.github/workflows/deploy.yaml'));
  const { deploy } = jobsOf('.github/workflows/deploy.yaml');
  expect(deploy?.environment).toBe('${{ inputs.environment }}');
  expect(deploy?.steps?.map(({ run }) => run).join()).toContain('deploy/smoke.sh');
});

test('workflows, image and compose name scripts, folders and actions that there are', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const steps = ['pull-request', 'release', 'deploy'].flatMap((name) => {
    const { jobs } = parse(read(`.github/workflows/${name}.yaml`)) as { jobs: Record<string, Job> };
    return Object.values(jobs).flatMap((job) => job.steps ?? []);
  });
  for (const { uses } of steps) if (uses) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
  const dockerfile = read('Dockerfile');
  const commands = [...steps.flatMap(({ run }) => run ?? []), ...dockerfile.match(/^(?:RUN|CMD) .*$/gm)!].join('\n');
  for (const [, script] of commands.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
  for (const file of commands.match(/\b(?:scripts|server|deploy)\/[\w./-]+/g)!) {
    expect(existsSync(join(ROOT, file)), file).toBe(true);
    if (file.endsWith('.sh')) expect(statSync(join(ROOT, file)).mode & 0o111, `${file} can be run`).toBe(0o111);
  }
  // What an earlier stage makes is not in the repository: node_modules, build, the generated client in server.
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'prisma']));
  for (const from of copied) expect(existsSync(join(ROOT, from)), `COPY ${from}`).toBe(true);
  const { services } = parse(read('compose.yaml')) as { services: Record<string, { build?: string; image?: string }> };
  expect(services['app']?.build).toBe('.');
  expect(services['database']?.image).toMatch(/:\d/);
});

test('what is deployed runs as an ordinary user, says whether it is healthy, and keeps what has to stay', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile).toMatch(/^USER (?!root)/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK/m);
  type Service = { depends_on?: object; volumes?: string[]; environment: Record<string, string> };
  const { services, volumes } = parse(read('compose.yaml')) as { services: Record<string, Service>; volumes: object };
  expect(services['app']?.environment['NODE_ENV']).toBe('production');
  for (const { volumes: mounted = [] } of Object.values(services)) {
    for (const mount of mounted) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
  }
  const { scrape_configs: scrapes, rule_files: files } = parse(read('deploy/prometheus/prometheus.yaml')) as {
    scrape_configs: { job_name: string }[];
    rule_files: string[];
  };
  expect([scrapes.map(({ job_name: name }) => name), files]).toEqual([['pantheon'], ['alerts.yaml']]);
});

test('compose gives the app variables that it knows, and port, volume, addresses and pauses that fit', () => {
  const { services } = parse(read('compose.yaml')) as {
    services: Record<
      'app' | 'database',
      {
        environment: Record<string, string>;
        volumes: string[];
        ports?: string[];
        stop_grace_period?: string;
        healthcheck?: { test: string[] };
        depends_on?: Record<string, { condition: string }>;
      }
    >;
  };
  const { app, database } = services;
  for (const name of Object.keys(app.environment)) expect([...ENV_NAMES]).toContain(name);
  const header = read('compose.yaml').slice(0, read('compose.yaml').indexOf('services:'));
  for (const [, name] of header.matchAll(/([A-Z][A-Z_]+)=…/g)) {
    expect(['POSTGRES_PASSWORD', ...ENV_NAMES], 'what .env is to have').toContain(name);
  }
  // The image's own settings, its port and its volume are what compose publishes and mounts.
  const dockerfile = read('Dockerfile');
  const image = Object.fromEntries(
    [.../^ENV (.*)$/m.exec(dockerfile)![1]!.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const { NODE_ENV, PORT, DATA_DIR } = app.environment;
  expect({ NODE_ENV, PORT: String(PORT), DATA_DIR }).toEqual(image);
  expect(dockerfile).toContain(`\nEXPOSE ${PORT}\n`);
  expect(app.ports?.map((port) => port.split(':')[1])).toEqual([String(PORT)]);
  expect(dockerfile).toContain(`\nVOLUME ${DATA_DIR}\n`);
  expect(app.volumes.map((mount) => mount.split(':')[1])).toEqual([DATA_DIR]);
  expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n.*process\.env\.PORT\}\/healthz/m);
  // The database that the app asks for is the one that is started and waited for.
  const { POSTGRES_USER: user, POSTGRES_DB: name } = database.environment;
  expect(app.environment['DATABASE_URL']).toMatch(
    new RegExp(`^postgresql://${user}:\\$\\{POSTGRES_PASSWORD.*@database:5432/${name}$`),
  );
  expect(database.healthcheck?.test.join(' ')).toContain(`pg_isready -U ${user} -d ${name}`);
  expect(app.depends_on).toEqual({ database: { condition: 'service_healthy' } });
  expect(parseInt(app.stop_grace_period ?? '', 10), 'running turns get 25 s').toBeGreaterThan(25);
});

test('with METRICS_TOKEN the metrics answer who brings it, and nobody else (NFR-OBS-003, I8)', async () => {
  const token = 'a-token-of-metrics';
  const { url } = await startTestApp({ env: { METRICS_TOKEN: token } });
  const ask = (headers: Record<string, string>) => fetch(`${url}/metrics`, { headers });
  for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: token }]) {
    const refused = await ask(headers);
    expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    expect(await refused.text()).not.toContain('http_request_duration');
  }
  const answered = await ask({ Authorization: `Bearer ${token}` });
  expect(answered.status).toBe(200);
  expect(await answered.text()).toContain('http_request_duration_seconds');
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a new SESSION_SECRET ends signed addresses and leaves sessions: the old one may have leaked (NFR-SEC-003)', async () => {
  const before = await startTestApp();
  const { client } = await before.createUser();
  const room = await createRoom(client, { agents: ['Ada'] });
  const asked = await client.post<{ upload: { url: string } }>(`/rooms/${room.id}/files`, {
    name: 'a.txt',
    size: 1,
    mimeType: 'text/plain',
  });
  const signed = new URL(asked.body.upload.url);
  await before.close();
  const env = { SESSION_SECRET: 'the next secret, which nobody has seen' };
  const after = await startTestApp({ databaseUrl: before.databaseUrl, env });
  const same = after.client();
  for (const [name, value] of client.cookies) same.cookies.set(name, value);
  expect((await same.get(`/rooms/${room.id}`)).status).toBe(200);
  const put = await fetch(after.url + signed.pathname + signed.search, { method: 'PUT', body: 'x' });
  expect(put.status).toBe(403);
  await put.body?.cancel();
});

test('no key of ours is in what a browser gets: pages of everybody and of owners, scripts, API, metrics (NFR-SEC-002); and the pages are in English (NFR-UX-002)', async () => {
  const secrets = {
    LLM_API_KEY: 'sk-planted-model-key',
    TAVILY_API_KEY: 'tvly-planted-search-key',
    TAVILY_BASE_URL: 'http://127.0.0.1:9',
    STRIPE_SECRET_KEY: 'sk_test_planted_stripe_key',
    STRIPE_WEBHOOK_SECRET: 'whsec_planted_webhook_secret',
    SMTP_URL: 'smtp://someone:planted-mail-password@127.0.0.1:9',
    SESSION_SECRET: 'a planted session secret, long enough',
    METRICS_TOKEN: 'planted-metrics-token',
  };
  const { createUser, url } = await startTestApp({ env: secrets });
  const { client } = await createUser({ role: 'owner' });
  const room = await createRoom(client, { agents: ['Ada'] });
  const told = [await (await fetch(`${url}/sign-in`)).text()];
  for (const path of [
    '/',
    `/rooms/${room.id}`,
    '/billing',
    '/settings/profile',
    '/admin',
    '/admin/settings',
    '/admin/jobs',
  ]) {
    const page = await client.fetch(path);
    expect(page.status, path).toBe(200);
    const html = await page.text();
    expect(html, path).toContain('<html lang="en"');
    told.push(html);
  }
  for (const path of ['/admin/settings', '/admin/pricing-versions', '/plans', '/openapi.json']) {
    told.push(JSON.stringify((await client.get(path)).body));
  }
  const scripts = new Set(told.join('\n').match(/\/assets\/[\w./-]+\.js/g));
  expect(scripts.size).toBeGreaterThan(10);
  for (const script of scripts) told.push(await (await fetch(url + script)).text());
  expect(told.join('\n')).not.toMatch(/planted|sk-or-v1|sk_live/);
});

test('in production every answer tells browsers to come by HTTPS only, for a year (NFR-SEC-001)', async () => {
  const secret = randomBytes(32).toString('base64');
  const env = { NODE_ENV: 'production', APP_URL: 'https://pantheon.example', SESSION_SECRET: secret };
  const { url } = await startTestApp({ env });
  for (const path of ['/sign-in', '/api/v1/auth/me', '/favicon.svg']) {
    const { headers } = await fetch(url + path);
    expect(headers.get('Strict-Transport-Security'), path).toMatch(/^max-age=31536000/);
  }
});
