import type { Agent } from '#server/agents/contract.ts';
import type { Habit } from '#server/billing/read-habits.ts';
import type { MemorySizes } from '#server/context/size-memory.ts';
import { mayUse } from '#server/tools/gate.ts';
import type { TurnMode } from '#server/turns/contract.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

/** `expected` is what it will most likely be: what a person is told first. */
export type Range = { agentName: string; min: bigint; expected: bigint; max: bigint };
type Estimate = { ranges: Range[] } & Omit<Range, 'agentName'>;

export type TurnToEstimate = {
  mode: TurnMode;
  agents: Agent[];
  snapshot: Snapshot;
  messageBytes: number;
  memory: MemorySizes;
  habits: Map<string, Habit>;
};

/** Bytes of the platform's own prompts; see graphs/prompts/. */
const AGENT_FRAME = 1_500;
const MANAGER_FRAME = 2_600;
/** A manager sees the gist of each role. */
const ROLE_GIST = 1_200;
/** Prose has four bytes a token; no prompt as a whole is far from that. */
const BYTES_PER_TOKEN = { least: 2.8, usual: 4, most: 5.5 };
/** Where nothing is known yet: the shortest answer that is one, half a page, and the outside of what a plan takes. */
const UNKNOWN = { leastOutput: 4, usualOutput: 350, planOutput: 800 };
/** So many steps make a habit. */
const ENOUGH_STEPS = 3;
/** What comes back from tools, where nothing is known of how an agent uses them. */
const TOOL_ROUND = { rounds: 3, promptTokens: 8_000 };

/**
 * What a turn is expected to cost, for each who takes part and in all: prompts by their sizes, answers by what each has
 * written so far in this conversation, or, before there is a habit, from a few words to the output limit.
 */
export function estimateTurn(turn: TurnToEstimate): Estimate {
  const parts = turn.mode === 'orchestrator' ? managed(turn) : unmanaged(turn);
  const summary = summaryRange(turn);
  if (!summary) return parts;
  return { ranges: [...parts.ranges, summary], ...total([parts, summary]) };
}

function unmanaged(turn: TurnToEstimate): Estimate {
  const heard = { least: 0, usual: 0, most: 0 };
  const ranges = turn.agents.map((agent) => {
    const output = outputOf(turn, agent.id, answerLimit(turn, agent.modelAlias));
    const range = agentRange(turn, agent, heard, output);
    if (turn.mode === 'roundtable') {
      heard.least += output.least;
      heard.usual += output.usual;
      heard.most += output.most;
    }
    return range;
  });
  return { ranges, ...total(ranges) };
}

/**
 * The manager plans, some or all agents work, each knowing what came before, and the manager answers. All of them are expected to,
 * for all that anybody knows before.
 */
function managed(turn: TurnToEstimate): Estimate {
  const { agents, snapshot } = turn;
  const outputs = agents.map((agent) => outputOf(turn, agent.id, answerLimit(turn, agent.modelAlias)));
  const all = (end: End) => outputs.reduce((sum, output) => sum + output[end], 0);
  // Half of the others' answers are there by the time that one works.
  const heard = { least: 0, usual: all('usual') / 2, most: all('most') };
  const workers = agents.map((agent, place) => agentRange(turn, agent, heard, outputs[place] as Output));
  const roles = agents.reduce(
    (sum, { rolePrompt }) => sum + Math.min(ROLE_GIST, Buffer.byteLength(rolePrompt)) + 150,
    0,
  );
  const bytes = MANAGER_FRAME + turn.messageBytes + (turn.memory.bytesOf.get('manager') ?? 0);
  const limit = answerLimit(turn, snapshot.managerAlias);
  const plan = outputOf(turn, 'manager', Math.min(limit, UNKNOWN.planOutput));
  const answer = outputOf(turn, 'synthesis', limit);
  const least = Math.min(...outputs.map((output) => output.least));
  const model = [snapshot.managerAlias];
  const manager = {
    agentName: 'Manager',
    min: cost(turn, model, bytes + roles, plan, 'least') + cost(turn, model, bytes, answer, 'least', least),
    expected: cost(turn, model, bytes + roles, plan, 'usual') + cost(turn, model, bytes, answer, 'usual', all('usual')),
    // One plan that has to be corrected.
    max: cost(turn, model, bytes + roles, plan, 'most') * 2n + cost(turn, model, bytes, answer, 'most', heard.most),
  };
  const cheapest = workers.reduce((min, worker) => (worker.min < min ? worker.min : min), workers[0]?.min ?? 0n);
  const { expected, max } = total([manager, ...workers]);
  // Nobody knows yet whom the manager will ask.
  return {
    ranges: [manager, ...workers.map((worker) => ({ ...worker, min: 0n }))],
    min: manager.min + cheapest,
    expected,
    max,
  };
}

type End = 'least' | 'usual' | 'most';
type Output = Record<End, number> & {
  cachedShare: Record<End, number>;
  calls: Record<'usual' | 'most', number>;
  tools: Record<'usual' | 'most', bigint>;
  prompt: number;
};

function agentRange(turn: TurnToEstimate, agent: Agent, heard: Record<End, number>, output: Output): Range {
  const bytes =
    AGENT_FRAME + Buffer.byteLength(agent.rolePrompt) + turn.messageBytes + (turn.memory.bytesOf.get(agent.id) ?? 0);
  const aliases = agent.fallbackAlias === null ? [agent.modelAlias] : [agent.modelAlias, agent.fallbackAlias];
  const tools = toolRange(turn, agent, output);
  return {
    agentName: agent.name,
    min: cost(turn, [agent.modelAlias], bytes, output, 'least', heard.least),
    expected:
      cost(turn, [agent.modelAlias], bytes, output, 'usual', heard.usual, tools.usual.promptTokens) +
      tools.usual.charges,
    max: cost(turn, aliases, bytes, output, 'most', heard.most, tools.most.promptTokens) + tools.most.charges,
  };
}

/** What tools add: the prompts of further rounds, and their own charges. None are expected of whom nothing is known. */
function toolRange({ snapshot }: TurnToEstimate, agent: Agent, { calls, tools, prompt }: Output) {
  const none = { promptTokens: 0, charges: 0n };
  const files = agent.toolPermissions.files && (snapshot.files ?? []).length > 0;
  const servers = (snapshot.serverTools ?? []).some((tool) => mayUse(agent, tool));
  if (!agent.toolPermissions.search && !files && !servers) return { usual: none, most: none };
  if (calls.most > 0)
    return {
      usual: { promptTokens: Math.max(0, calls.usual - 1) * prompt, charges: tools.usual },
      most: {
        promptTokens: Math.max(0, calls.most - 1) * Math.round(prompt * 1.5),
        charges: (tools.most * 3n) / 2n,
      },
    };
  const search = agent.toolPermissions.search ? BigInt(snapshot.toolCharges?.searchMicroCreditsPerCall ?? 0) : 0n;
  const { rounds, promptTokens } = TOOL_ROUND;
  return { usual: none, most: { promptTokens: rounds * promptTokens, charges: search * BigInt(rounds) } };
}

/** How long an answer will be: around what it was lately, else anything that it may be. */
function outputOf({ habits }: TurnToEstimate, who: string, limit: number): Output {
  const habit = habits.get(who);
  if (!habit || habit.steps < ENOUGH_STEPS)
    return {
      least: Math.min(UNKNOWN.leastOutput, habit?.leastOutput ?? UNKNOWN.leastOutput),
      usual: Math.min(limit, habit?.usualOutput ?? UNKNOWN.usualOutput),
      most: limit,
      cachedShare: { least: 1, usual: habit?.usualCachedShare ?? 0, most: 0 },
      calls: { usual: 0, most: 0 },
      tools: { usual: 0n, most: 0n },
      prompt: 0,
    };
  return {
    least: Math.floor(habit.leastOutput * 0.6),
    usual: habit.usualOutput,
    most: Math.min(limit * habit.mostCalls, Math.ceil(habit.mostOutput * 1.5) + 40),
    cachedShare: { least: Math.min(1, habit.cachedShare * 1.25), usual: habit.usualCachedShare, most: 0 },
    calls: { usual: habit.usualCalls, most: habit.mostCalls },
    tools: { usual: habit.usualTools, most: habit.mostTools },
    prompt: habit.mostPrompt,
  };
}

function answerLimit({ snapshot }: TurnToEstimate, alias: string): number {
  return Math.min(snapshot.caps.outputTokens, snapshot.models[alias]?.maxOutputTokens ?? snapshot.caps.outputTokens);
}

function cost(
  { snapshot }: TurnToEstimate,
  aliases: string[],
  bytes: number,
  output: Output,
  end: End,
  heardTokens = 0,
  toolTokens = 0,
): bigint {
  const promptTokens = {
    least: Math.floor(bytes / BYTES_PER_TOKEN.most) + heardTokens,
    usual: Math.round(bytes / BYTES_PER_TOKEN.usual + heardTokens + toolTokens),
    most: Math.ceil(bytes / BYTES_PER_TOKEN.least + heardTokens * 1.3) + toolTokens + 30,
  }[end];
  const cachedTokens = Math.floor(promptTokens * output.cachedShare[end]);
  const tokens = { promptTokens, cachedTokens, completionTokens: Math.round(output[end]) };
  const models = aliases.map((alias) => snapshot.models[alias]).filter((model) => model !== undefined);
  const costs = models.map(({ multiplier }) => priceCall(tokens, parseMultiplier(multiplier)));
  return costs.reduce((most, price) => (price > most ? price : most), 0n);
}

/** The summary of what has become too long, which is written first. */
function summaryRange(turn: TurnToEstimate): Range | null {
  const { toSummarise } = turn.memory;
  const [cheapest] = Object.entries(turn.snapshot.models).sort(
    ([, a], [, b]) => Number(a.outputUsdPerM) - Number(b.outputUsdPerM),
  );
  if (toSummarise === null || !cheapest) return null;
  const output = outputOf(turn, 'summary', 1_500);
  const bytes = AGENT_FRAME + toSummarise;
  return {
    agentName: 'Summary',
    min: cost(turn, [cheapest[0]], bytes, output, 'least'),
    expected: cost(turn, [cheapest[0]], bytes, output, 'usual'),
    max: cost(turn, [cheapest[0]], bytes, output, 'most'),
  };
}

function total(parts: Omit<Range, 'agentName'>[]): Omit<Range, 'agentName'> {
  const sum = (end: 'min' | 'expected' | 'max') => parts.reduce((all, part) => all + part[end], 0n);
  return { min: sum('min'), expected: sum('expected'), max: sum('max') };
}
