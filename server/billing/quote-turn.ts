import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import type { Quote } from '#server/billing/contract.ts';
import { estimateTurn } from '#server/billing/estimate-turn.ts';
import { readHabits } from '#server/billing/read-habits.ts';
import { sizeMemory } from '#server/context/size-memory.ts';
import { transaction } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { turnTools } from '#server/tools/turn-tools.ts';
import type { CreateTurn } from '#server/turns/contract.ts';
import { assertModelsAllowed, holdOf } from '#server/turns/insert-turn.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { planFirstSteps } from '#server/turns/plan-first-steps.ts';
import { readAcceptance, type Acceptance } from '#server/turns/read-acceptance.ts';
import { DEFAULT_CAPS, type Snapshot } from '#server/turns/snapshot.ts';

/**
 * What sending this message now would cost: the range that is expected, never above what the send would set aside. Who
 * takes part is decided as the send decides it, so it throws what the send would: no_valid_tags, no_active_agents,
 * model_not_allowed. Whether there is credit for it is not asked.
 */
export async function quoteTurn(
  app: Pick<App, 'db'>,
  { user, conversation, request }: { user: User; conversation: Conversation; request: CreateTurn },
): Promise<Quote> {
  const given = await transaction(app.db, (tx) => readAcceptance(tx, user, conversation, request.fileIds));
  return quoteAccepted(app, { user, conversation, request, given });
}

/** The same of what was read already, or changed since it was read. */
export async function quoteAccepted(
  app: Pick<App, 'db'>,
  {
    user,
    conversation,
    request,
    given,
  }: { user: User; conversation: Conversation; request: CreateTurn; given: Acceptance },
): Promise<Quote> {
  const { message, parentTurnId, fileIds } = request;
  const tools = turnTools(given, fileIds);
  const { mode, agents: roster, managerAlias, models } = given;
  const { steps } = planFirstSteps(given, message, newId());
  assertModelsAllowed({ given, mode, roster, steps });
  const snapshot: Snapshot = { ...tools, roster, managerAlias, models, caps: DEFAULT_CAPS, fileIds };
  const hold = holdOf({ mode, roster, steps, message, parentTurnId, given }, snapshot);
  const speaking = steps.flatMap((step) => roster.filter((agent) => agent.id === step.agent_id));
  const agents = mode === 'orchestrator' ? roster : speaking;
  const manager = { id: 'manager', modelAlias: managerAlias, memoryPolicy: 'summary' as const };
  const [memory, habits] = await Promise.all([
    sizeMemory(app.db, {
      turnId: parentTurnId === undefined ? given.headTurnId : parentTurnId,
      agents: mode === 'orchestrator' ? [...agents, manager] : agents,
      windowOf: (alias) => models[alias]?.contextTokens ?? 8_192,
    }),
    readHabits(app.db, conversation.id, user.id),
  ]);
  const messageBytes = Buffer.byteLength(message);
  const estimate = estimateTurn({ mode, agents, snapshot, messageBytes, memory, habits });
  const within = (amount: bigint) => String(amount < hold ? amount : hold);
  return {
    minMicroCredits: within(estimate.min),
    expectedMicroCredits: within(estimate.expected),
    maxMicroCredits: within(estimate.max),
    reservedMicroCredits: String(hold),
    agents: estimate.ranges.map(({ agentName, min, max }) => ({
      agentName,
      minMicroCredits: within(min),
      maxMicroCredits: within(max),
    })),
  };
}
