import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** What a finished model call shows of itself; fits the llm port's outcome. */
type ModelCall = {
  status: 'ok' | 'failed';
  failure?: { code: string };
  firstTokenMs: number | null;
  latencyMs: number;
};

const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MODEL_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];

/** A registry of its own for each call, so that several apps can live in one test process. Labels never hold ids. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const httpRequests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to the last byte, by route and status; streams excluded.',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_SECONDS,
    registers,
  });
  const turnsRunning = new Gauge({ name: 'turns_running', help: 'Turns that run in this process.', registers });
  const turnsSettled = new Counter({
    name: 'turns_settled_total',
    help: 'Turns that ended, by how.',
    labelNames: ['status', 'mode'],
    registers,
  });
  const turnsOpen = new Gauge({
    name: 'turns_open',
    help: 'Turns in the database that have not ended, by state.',
    labelNames: ['status'],
    registers,
  });
  const modelCalls = new Histogram({
    name: 'model_call_duration_seconds',
    help: 'Provider calls, by how they ended.',
    labelNames: ['provider', 'alias', 'status'],
    buckets: MODEL_SECONDS,
    registers,
  });
  const modelFirstToken = new Histogram({
    name: 'model_first_token_seconds',
    help: 'Time from a provider call to its first token.',
    labelNames: ['provider', 'alias'],
    buckets: MODEL_SECONDS,
    registers,
  });
  const modelFailures = new Counter({
    name: 'model_call_failures_total',
    help: 'Provider calls that failed, by why.',
    labelNames: ['provider', 'alias', 'code'],
    registers,
  });
  const openStreams = new Gauge({ name: 'open_streams', help: 'Readers that follow a turn here.', registers });
  const jobsFinished = new Counter({
    name: 'jobs_finished_total',
    help: 'Attempts at jobs, by how they ended.',
    labelNames: ['queue', 'status'],
    registers,
  });
  const creditsBurned = new Counter({
    name: 'credits_burned_total',
    help: 'Credits that model calls of this process cost their users.',
    labelNames: ['alias'],
    registers,
  });
  const purges = new Counter({
    name: 'purges_total',
    help: 'Pieces of purging, by what went and how it ended.',
    labelNames: ['kind', 'status'],
    registers,
  });
  const purgesOpen = new Gauge({
    name: 'purges_open',
    help: 'Pieces of purging that are due, run, or failed and are tried again.',
    labelNames: ['state'],
    registers,
  });
  const requestsShed = new Counter({
    name: 'requests_shed_total',
    help: 'Requests that were turned away because the process had too much to do.',
    labelNames: ['why'],
    registers,
  });
  const circuitsOpen = new Gauge({
    name: 'model_circuit_open',
    help: '1 while a model that kept failing is not asked by this process.',
    labelNames: ['model'],
    registers,
  });
  const ledgerDrifts = new Gauge({
    name: 'ledger_drifts',
    help: 'Balances or charges that the last check of the ledger could not recompute. Anything but 0 is an alarm.',
    registers,
  });
  const costDrift = new Gauge({
    name: 'provider_cost_drift_ratio',
    help: 'How far the last full day’s cost by our prices is from what the provider reports, by model.',
    labelNames: ['alias'],
    registers,
  });
  const queueDepth = new Gauge({
    name: 'queue_depth',
    help: 'Jobs that wait, run or have failed for good.',
    labelNames: ['queue', 'state'],
    registers,
  });

  return {
    registry,
    httpRequests,
    turnsRunning,
    turnsSettled,
    turnsOpen,
    openStreams,
    jobsFinished,
    queueDepth,
    creditsBurned,
    purges,
    purgesOpen,
    requestsShed,
    circuitsOpen,
    ledgerDrifts,
    costDrift,
    observeModelCall(provider: string, alias: string, call: ModelCall): void {
      modelCalls.observe({ provider, alias, status: call.status }, call.latencyMs / 1000);
      if (call.firstTokenMs !== null) modelFirstToken.observe({ provider, alias }, call.firstTokenMs / 1000);
      if (call.failure) modelFailures.inc({ provider, alias, code: call.failure.code });
    },
  };
}
