import { z } from 'zod';

const ZReport = z.object({
  passed: z.int(),
  skipped: z.int(),
  /** What failed, by name: a test, a file that does not load, an error outside any test. */
  failures: z.array(z.string()),
  /** What passed at its second try. */
  flaky: z.array(z.string()),
});

export type Report = z.infer<typeof ZReport>;

/** Reads what `vitest-report.ts` wrote. */
export function readVitest(json: unknown): Report {
  return ZReport.parse(json);
}

const ZSpec = z.object({
  file: z.string(),
  title: z.string(),
  tests: z.array(z.object({ projectName: z.string(), status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']) })),
});

const ZSuite = z.object({
  specs: z.array(ZSpec).optional(),
  get suites() {
    return z.array(ZSuite).optional();
  },
});

const ZPlaywright = z.object({ suites: z.array(ZSuite), errors: z.array(z.object({ message: z.string() })) });

/** A journey that passed at its second try has passed, and is named as flaky. */
export function readPlaywright(json: unknown): Report {
  const { suites, errors } = ZPlaywright.parse(json);
  const journeys = suites
    .flatMap(specsOf)
    .flatMap(({ file, title, tests }) =>
      tests.map(({ projectName, status }) => ({ name: `[${projectName}] ${file} > ${title}`, status })),
    );
  const named = (wanted: string) => journeys.filter(({ status }) => status === wanted).map(({ name }) => name);
  return {
    passed: named('expected').length + named('flaky').length,
    skipped: named('skipped').length,
    failures: [...named('unexpected'), ...errors.map(({ message }) => message)],
    flaky: named('flaky'),
  };
}

function specsOf({ specs = [], suites = [] }: z.infer<typeof ZSuite>): z.infer<typeof ZSpec>[] {
  return [...specs, ...suites.flatMap(specsOf)];
}
