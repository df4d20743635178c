import type { TestProject } from 'vitest/node';
import { startTestCluster } from './test-cluster.ts';

/** Once per run: the PostgreSQL that every test file takes its database from. Returns its own end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  project.provide('adminUrl', cluster.adminUrl);
  project.provide('templateProblem', cluster.templateProblem);
  return cluster.stop;
}
