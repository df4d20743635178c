import type { Agent } from '#server/agents/contract.ts';
import { KEEP_VERBATIM, SUMMARISE_ABOVE } from '#server/context/budget.ts';
import { mayUse } from '#server/tools/gate.ts';
import { TOOL_LIMITS } from '#server/tools/limits.ts';
import type { TurnMode } from '#server/turns/contract.ts';
import type { Snapshot, SnapshotModel } from '#server/turns/snapshot.ts';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

/** What the platform's own part of a prompt may take, in tokens: rules, roster, the manager's schema. */
const FRAME_TOKENS = 2_000;
/** A manager is asked at most three times for a plan; see graphs/manager.ts. */
const MANAGER_ASKS = 3;
/** A plan has at most so many assignments; see graphs/plan.ts. */
const MAX_ASSIGNMENTS = 12;
/** A text has at most one token per byte; what a model wrote is taken at four bytes a token, as budgets are. */
const BYTES_PER_TOKEN = 4;

export type WorstCase = {
  mode: TurnMode;
  /** Who will run: the tagged, all, or, where a manager decides, whoever it may choose. */
  agents: Agent[];
  snapshot: Pick<Snapshot, 'models' | 'managerAlias' | 'caps' | 'files' | 'toolCharges' | 'serverTools'>;
  message: string;
  /** False for the first turn of a conversation: there is no history to send along. */
  hasHistory: boolean;
};

/**
 * The most that a turn can cost in micro-credits if every call says all it may: prompt bytes as tokens, the output limit,
 * the dearer of model and fallback, at the turn's prices. Summaries are included where there is a history.
 */
export function worstCase(turn: WorstCase): bigint {
  const { mode, agents, snapshot } = turn;
  const message = Buffer.byteLength(turn.message);
  const reply = snapshot.caps.outputTokens;
  const summary = turn.hasHistory ? summaryCost(turn) : 0n;
  if (mode !== 'orchestrator') {
    const heard = mode === 'roundtable' ? reply * BYTES_PER_TOKEN : 0;
    return agents.reduce((sum, agent, place) => sum + agentCost(turn, agent, message + heard * place), summary);
  }
  const dearest = agents
    .map((agent) => agentCost(turn, agent, message + reply * BYTES_PER_TOKEN * (agents.length - 1)))
    .reduce((most, cost) => (cost > most ? cost : most), 0n);
  const roles = agents.reduce((sum, { rolePrompt }) => sum + Math.min(Buffer.byteLength(rolePrompt), 4_800), 0);
  const history = turn.hasHistory ? historyBytes('summary', snapshot.models[snapshot.managerAlias]) : 0;
  const manager = costOf(snapshot, [snapshot.managerAlias], message + roles + history);
  const synthesis = costOf(
    snapshot,
    [snapshot.managerAlias],
    message + history + reply * BYTES_PER_TOKEN * agents.length,
  );
  return (
    summary +
    manager * BigInt(MANAGER_ASKS) +
    dearest * BigInt(Math.min(MAX_ASSIGNMENTS, agents.length * 2)) +
    synthesis
  );
}

function agentCost({ snapshot, hasHistory }: WorstCase, agent: Agent, heardBytes: number): bigint {
  const aliases = agent.fallbackAlias === null ? [agent.modelAlias] : [agent.modelAlias, agent.fallbackAlias];
  const history = hasHistory ? historyBytes(agent.memoryPolicy, snapshot.models[agent.modelAlias]) : 0;
  const tools = toolsOf(snapshot, agent);
  const bytes = Buffer.byteLength(agent.rolePrompt) + heardBytes + history + tools.definitionBytes;
  const once = costOf(snapshot, aliases, bytes);
  if (!tools.search && !tools.files && tools.definitionBytes === 0) return once;
  // Asked after each round, and once more without tools, with all that came back in its prompt.
  const asked = costOf(snapshot, aliases, bytes + Math.ceil(TOOL_LIMITS.stepCharacters / BYTES_PER_TOKEN));
  return once + asked * BigInt(TOOL_LIMITS.rounds) + toolCharges(snapshot, tools);
}

function toolsOf({ files, serverTools = [] }: WorstCase['snapshot'], agent: Agent) {
  const { search, files: mayRead } = agent.toolPermissions;
  const used = serverTools.filter((tool) => mayUse(agent, tool));
  return {
    search,
    files: mayRead && (files ?? []).length > 0,
    definitionBytes: used.reduce((sum, tool) => sum + Buffer.byteLength(JSON.stringify(tool)), 0),
  };
}

/** As many searches as a step may make, or pages as fit into its results. */
function toolCharges(
  { toolCharges: charges }: WorstCase['snapshot'],
  tools: { search: boolean; files: boolean },
): bigint {
  if (!charges) return 0n;
  const searches = TOOL_LIMITS.callsPerStep;
  const search = tools.search ? BigInt(searches) * BigInt(charges.searchMicroCreditsPerCall) : 0n;
  const files = tools.files ? BigInt(TOOL_LIMITS.pagesPerCall) * BigInt(charges.fileReadMicroCreditsPerPage) : 0n;
  return search + files;
}

function historyBytes(policy: Agent['memoryPolicy'], model: SnapshotModel | undefined): number {
  const budget = Math.floor((model?.contextTokens ?? 0) / 2);
  switch (policy) {
    case 'none':
      return 0;
    case 'full':
      return budget * BYTES_PER_TOKEN;
    case 'summary':
    case 'selective':
      return Math.min(budget, SUMMARISE_ABOVE + KEEP_VERBATIM) * BYTES_PER_TOKEN;
  }
}

/** The summariser reads what is summarised and writes at most a short text; see server/context/summarise-history.ts. */
function summaryCost({ snapshot }: WorstCase): bigint {
  const tokens = {
    promptTokens: (SUMMARISE_ABOVE * 2 + FRAME_TOKENS) * BYTES_PER_TOKEN,
    cachedTokens: 0,
    completionTokens: 1_500,
  };
  const prices = Object.values(snapshot.models).map((model) => priceCall(tokens, parseMultiplier(model.multiplier)));
  return prices.reduce((least, price) => (price < least ? price : least), prices[0] ?? 0n);
}

function costOf({ models, caps }: WorstCase['snapshot'], aliases: string[], bytes: number): bigint {
  const costs = aliases.map((alias) => {
    const model = models[alias];
    if (!model) return 0n;
    const completionTokens = Math.min(caps.outputTokens, model.maxOutputTokens);
    const promptTokens = Math.min(bytes + FRAME_TOKENS, model.contextTokens);
    return priceCall({ promptTokens, cachedTokens: 0, completionTokens }, parseMultiplier(model.multiplier));
  });
  return costs.reduce((most, cost) => (cost > most ? cost : most), 0n);
}
