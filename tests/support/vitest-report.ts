import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Report } from './read-report.ts';

/**
 * What `npm test` has to know of Vitest’s part, as JSON. Vitest’s own JSON says neither which test passed at its second
 * try nor what failed outside any test.
 */
export class VitestReport implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const report: Report = { passed: 0, skipped: 0, failures: [], flaky: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        const { state, errors } = test.result();
        if (state === 'passed') report.passed += 1;
        else if (state === 'failed') report.failures.push(`${name}: ${firstLine(errors[0])}`);
        else report.skipped += 1;
        if (test.diagnostic()?.flaky) report.flaky.push(name);
      }
      const around = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
      report.failures.push(...around.map((error) => `${module.relativeModuleId}: ${firstLine(error)}`));
    }
    report.failures.push(...unhandled.map((error) => `Outside any test: ${firstLine(error)}`));
    writeFileSync(this.#file, JSON.stringify(report));
  }
}

function firstLine(error: { message: string } | undefined): string {
  return error?.message.split('\n')[0] ?? 'no error was given';
}
