import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { buildDirect } from '#graphs/direct.ts';
import { buildManual } from '#graphs/manual.ts';
import { buildOrchestrator } from '#graphs/orchestrator.ts';
import { buildRoundtable } from '#graphs/roundtable.ts';
import { RECURSION_LIMIT, type TurnInput } from '#graphs/state.ts';
import type { App } from '#server/app.ts';
import { runWithoutRunTrees } from '#server/platform/without-run-trees.ts';
import { portsForTurn } from '#server/turns/ports-for-turn.ts';
import type { Run } from '#server/turns/run.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';

export type Graphs = {
  /** Runs the turn's graph from its last checkpoint, or from the start if it has none. Throws what ends the run. */
  invoke(run: Run): Promise<void>;
};

/** The graphs, compiled once per process on the Postgres checkpointer. A run's ports are found by its thread, the turn's id. */
export function compileGraphs(app: Omit<App, 'runner'>, findRun: (turnId: string) => Run | undefined): Graphs {
  runWithoutRunTrees();
  const { prompts } = app;
  const portsFor = (config: LangGraphRunnableConfig) => {
    const turnId = String(config.configurable?.['thread_id']);
    const run = findRun(turnId);
    if (!run) throw new Error('A graph ran without its turn.');
    return portsForTurn(app, run);
  };
  const options = { checkpointer: app.checkpointer };
  const compiled = {
    manual: buildManual(portsFor, { prompts }).compile(options),
    roundtable: buildRoundtable(portsFor, { prompts }).compile(options),
    orchestrator: buildOrchestrator(portsFor, { prompts }).compile(options),
    direct: buildDirect(portsFor, { prompts }).compile(options),
  };
  return {
    async invoke(run) {
      const { turn } = run;
      const config = { configurable: { thread_id: turn.id, is_new: turn.attempt === 1 } };
      const resumable = turn.attempt > 1 && (await app.checkpointer.getTuple(config)) !== undefined;
      // `invoke` reads the same iterator through two streams that nobody here listens to, an eighth of what the graph costs.
      const steps = compiled[turn.mode]._streamIterator(resumable ? null : inputOf(turn.snapshot, run.message), {
        ...config,
        durability: 'exit',
        recursionLimit: RECURSION_LIMIT,
        signal: run.abort.signal,
        streamMode: [],
      });
      while (!(await steps.next()).done);
    },
  };
}

export function inputOf(snapshot: Snapshot, message: string): TurnInput {
  return {
    message,
    roster: snapshot.roster,
    manager: { modelAlias: snapshot.managerAlias },
    files: (snapshot.files ?? []).map(({ id, name }) => ({ id, name })),
  };
}
