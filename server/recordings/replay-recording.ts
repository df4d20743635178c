import { buildDirect } from '#graphs/direct.ts';
import { buildManual } from '#graphs/manual.ts';
import { buildOrchestrator } from '#graphs/orchestrator.ts';
import type { AgentSnapshot, Ports, PromptMessage, StepResult, StepScript, StepSpec } from '#graphs/ports.ts';
import type { Prompts } from '#graphs/prompts/registry.ts';
import { buildRoundtable } from '#graphs/roundtable.ts';
import { RECURSION_LIMIT } from '#graphs/state.ts';
import type { RecordedStep, Recording } from '#server/recordings/contract.ts';

const BUILD = {
  manual: buildManual,
  roundtable: buildRoundtable,
  orchestrator: buildOrchestrator,
  direct: buildDirect,
};

export type ReplayedStep = Pick<RecordedStep, 'key' | 'index' | 'kind' | 'agentName' | 'citations'> &
  StepResult & {
    /** What its model would be asked first. */
    request: PromptMessage[];
    recorded: RecordedStep | null;
  };

/**
 * Runs a recorded turn's graph with these prompts and this roster, on the recorded replies instead of models: tags, seats, the
 * plan's rules and the trimming of replies are today's. A step that has no recording ends without a word.
 */
export async function replayRecording(
  recording: Recording,
  { prompts, roster }: { prompts: Prompts; roster: readonly AgentSnapshot[] },
): Promise<ReplayedStep[]> {
  const steps: ReplayedStep[] = [];
  const unused = new Set(recording.steps);
  const ports: Ports = {
    recall: ({ id }) => Promise.resolve(recording.memories[id] ?? { summary: null, messages: [] }),
    runStep: (spec, script) => {
      const recorded = recordedFor(unused, spec);
      if (recorded) unused.delete(recorded);
      const result = recorded ? resultOf(recorded, script) : NOT_RECORDED;
      const { key, index, kind, agentName } = spec;
      const citations = recorded?.citations ?? [];
      steps.push({ key, index, kind, agentName, citations, ...result, request: script.ask.messages, recorded });
      return Promise.resolve(result);
    },
  };
  await BUILD[recording.mode](() => ports, { prompts })
    .compile()
    .invoke(
      {
        message: recording.message,
        roster: [...roster],
        manager: { modelAlias: recording.managerAlias },
        files: recording.files,
      },
      { recursionLimit: RECURSION_LIMIT },
    );
  return steps.sort((a, b) => a.index - b.index);
}

/** The same agent's in the same place, else its next one: seats may have moved. */
function recordedFor(unused: Set<RecordedStep>, spec: StepSpec): RecordedStep | null {
  const mine = [...unused].filter(({ kind, agentId }) => kind === spec.kind && agentId === spec.agentId);
  return mine.find(({ key }) => key === spec.key) ?? mine[0] ?? null;
}

const NOT_RECORDED: StepResult = {
  status: 'cancelled',
  content: '',
  plan: null,
  error: { code: 'not_recorded', message: 'Nothing is recorded of this step: it did not run then.' },
};

function resultOf({ status, content, plan, error, replies }: RecordedStep, script: StepScript): StepResult {
  if (replies === null) {
    const known = status === 'pending' || status === 'running' ? 'cancelled' : status;
    return { status: known, content, plan, error };
  }
  for (const [place, text] of replies.entries()) {
    const verdict = script.judge({ text, asked: place + 1 });
    if (verdict.kind === 'ask') continue;
    if (verdict.kind === 'fail') {
      return { status: 'failed', content: '', plan: null, error: { code: verdict.code, message: verdict.message } };
    }
    const trim = script.filter?.();
    const said = trim ? trim.push(text) + trim.end() : verdict.content;
    return { status: 'completed', content: said, plan: verdict.plan ?? null, error: null };
  }
  return {
    ...NOT_RECORDED,
    status: 'failed',
    error: { code: 'not_recorded', message: 'It would be asked once more.' },
  };
}
