import type { Ports } from '#graphs/ports.ts';
import type { App } from '#server/app.ts';
import { recall } from '#server/context/recall.ts';
import type { Run } from '#server/turns/run.ts';
import { runStep } from '#server/turns/run-step.ts';

/** Production's implementation of what a graph needs: the journal, the meter and the event log behind it. */
export function portsForTurn(app: Omit<App, 'runner'>, run: Run): Ports {
  const { prompts } = app;
  return {
    recall: (agent) => recall(app, run, agent, prompts.summariser.text),
    runStep: (spec, script) => runStep(app, run, { ...spec, promptVersion: prompts[spec.kind].version }, script),
  };
}
