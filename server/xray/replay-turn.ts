import type { Pool } from 'pg';
import { buildDirect } from '#graphs/direct.ts';
import { buildManual } from '#graphs/manual.ts';
import { buildOrchestrator } from '#graphs/orchestrator.ts';
import type { Ports, StepResult, StepScript, StepSpec } from '#graphs/ports.ts';
import type { Prompts } from '#graphs/prompts/registry.ts';
import { buildRoundtable } from '#graphs/roundtable.ts';
import { RECURSION_LIMIT } from '#graphs/state.ts';
import { toPrompt } from '#server/context/recall.ts';
import type { ChatMessage } from '#server/adapters/llm/port.ts';
import type { CallAsk } from '#server/turns/call-model.ts';
import { inputOf } from '#server/turns/graphs.ts';
import type { TurnParts } from '#server/turns/read-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { JournaledReply, JournalRow } from '#server/turns/run.ts';
import { askOn, askWithTools, toolKey, toolsOf } from '#server/turns/step-tools.ts';
import { rememberThen, type Memory } from '#server/xray/remember-then.ts';

/** What the graph asks of a step's model, call by call, as far as the journal still tells what came back. */
export type ReplayedStep = {
  spec: StepSpec;
  memory: Memory;
  /** How many messages the script itself asks with; what follows came of the calls before. */
  asks: { ask: CallAsk; scripted: number }[];
};

/**
 * Runs the turn's own graph again, with results from the database instead of models, and keeps what it asks for. No call is
 * made and nothing is written. Whether what comes out is what was sent, the recorded hashes tell.
 */
export async function replayTurn(
  db: Pool,
  turn: TurnParts & { journal: JournalRow[] },
  prompts: Prompts,
): Promise<Map<string, ReplayedStep>> {
  const replayed = new Map<string, ReplayedStep>();
  const steps = new Map(turn.steps.map((step) => [step.key, step]));
  const memories = new Map<string, Memory>();
  const remember = await rememberThen(db, turn);
  const ports: Ports = {
    recall: (agent) => {
      const memory = remember(agent);
      memories.set(agent.id, memory);
      const messages = memory.kept.map((message) => toPrompt(message, agent.id));
      return Promise.resolve({ summary: memory.summary, messages });
    },
    runStep: (spec, script) => {
      const memory = memories.get(spec.agentId ?? 'manager');
      if (!memory) throw new Error('A step was asked for before its agent remembered.');
      replayed.set(spec.key, { spec, memory, asks: asksOf(turn, spec, script) });
      return Promise.resolve(resultOf(steps.get(spec.key)));
    },
  };
  const build = {
    manual: buildManual,
    roundtable: buildRoundtable,
    orchestrator: buildOrchestrator,
    direct: buildDirect,
  };
  await build[turn.row.mode](() => ports, { prompts })
    .compile()
    .invoke(inputOf(turn.row.snapshot, turn.message), { recursionLimit: RECURSION_LIMIT });
  return replayed;
}

function asksOf(turn: TurnParts & { journal: JournalRow[] }, spec: StepSpec, script: StepScript): ReplayedStep['asks'] {
  const tools = toolsOf({ turn: turn.row }, spec);
  let ask: CallAsk = script.filter ? askWithTools({ turn: turn.row }, script, tools) : script.ask;
  const scripted = ask.messages.length;
  const asks = [{ ask, scripted }];
  for (;;) {
    const reply = replyTo(turn.journal, spec.key, asks.length - 1);
    const next = reply && goOn(turn.journal, spec, script, { ask, tools, reply, asked: asks.length });
    if (!next) return asks;
    ask = next;
    asks.push({ ask, scripted });
  }
}

/** The ask after a reply, or null where the step ends or the journal does. */
function goOn(
  journal: JournalRow[],
  spec: StepSpec,
  script: StepScript,
  {
    ask,
    tools,
    reply,
    asked,
  }: { ask: CallAsk; tools: ReturnType<typeof toolsOf>; reply: JournaledReply; asked: number },
): CallAsk | null {
  if (script.filter && reply.toolCalls.length > 0) {
    tools.rounds += 1;
    const answers: ChatMessage[] = [];
    for (const { id } of reply.toolCalls) {
      const answer = replyTo(journal, toolKey(spec), tools.calls);
      if (!answer) return null;
      tools.calls += 1;
      answers.push({ role: 'tool', toolCallId: id, content: answer.text });
    }
    return askOn(ask, tools, reply, answers);
  }
  const verdict = script.judge({ text: reply.text, asked });
  return verdict.kind === 'ask' ? verdict.ask : null;
}

function replyTo(journal: JournalRow[], stepKey: string, callNo: number): JournaledReply | null {
  return (
    journal.find((row) => row.step_key === stepKey && row.call_no === callNo && row.status === 'ok')?.response ?? null
  );
}

/** A step that has not ended is as one that was broken off: nothing later was asked with what it said. */
function resultOf(step: StepRow | undefined): StepResult {
  if (!step || step.status === 'pending' || step.status === 'running') {
    return { status: 'cancelled', content: '', plan: null, error: null };
  }
  const { status, content, data, error } = step;
  return { status, content, plan: data, error };
}
