import type { Agent } from '#server/agents/contract.ts';
import type { User } from '#server/auth/contract.ts';
import type { Tx } from '#server/platform/db.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { readAcceptance, withoutSearch, type Acceptance } from '#server/turns/read-acceptance.ts';
import { readTurn, type TurnParts } from '#server/turns/read-turn.ts';
import type { WhatIf } from '#server/what-ifs/contract.ts';
import { findCandidates } from '#server/what-ifs/find-candidates.ts';

/** A past turn as it is to be tried: the same message in the same place, with another mode, roster or models. */
export type Variation = { source: TurnParts; conversation: Conversation; given: Acceptance };

/**
 * Reads a turn and varies it. Agents of the turn are as they were then but for what is varied, and only those that
 * the room still has; what they may cost is today's. The turn must be the caller's.
 * Throws conflict for a turn that can't be tried, invalid_input for a mode or agents that it can't be tried with.
 */
export async function varyTurn(tx: Tx, user: User, turnId: string, wanted: WhatIf): Promise<Variation> {
  const source = await readTurn(tx, turnId);
  if (!source) throw notFound();
  const { row } = source;
  assertCanBeTried(source);
  const conversation: Conversation = { kind: row.room_id === null ? 'direct' : 'room', id: row.conversation_id };
  const given = await readAcceptance(tx, user, conversation, row.snapshot.fileIds);
  if (conversation.kind === 'direct' && wanted.mode !== undefined) throw invalid('mode', 'A direct chat has no mode.');
  const there = await findCandidates(tx, row);
  const roster = chosen(there, source, wanted)
    .map((agent) => withModel(agent, wanted.models?.[agent.id]))
    .map((agent) => (given.webSearch ? agent : withoutSearch(agent)));
  return { source, conversation, given: { ...given, mode: wanted.mode ?? row.mode, agents: roster } };
}

function assertCanBeTried({ row, message }: TurnParts): void {
  if (row.what_if_of !== null) throw new AppError('conflict', 'This is a what-if itself. Try the turn that it is of.');
  if (row.finished_at === null)
    throw new AppError('conflict', 'This turn has not ended. Wait for it, or stop it first.');
  if (message === '') throw new AppError('conflict', 'The message was deleted. Restore it first, or write a new one.');
}

function chosen(there: Agent[], { row }: TurnParts, { agentIds, models }: WhatIf): Agent[] {
  const had = row.snapshot.roster.map(({ id }) => id);
  const wanted = new Set(agentIds ?? had);
  const found = there.filter(({ id }) => wanted.has(id));
  if (agentIds && found.length < wanted.size) throw invalid('agentIds', 'One of these agents is not in the room.');
  if (found.length === 0)
    throw invalid('agentIds', 'None of the turn’s agents is in the room any more. Choose others.');
  if (Object.keys(models ?? {}).some((id) => !wanted.has(id))) {
    throw invalid('models', 'A model was chosen for an agent that does not take part.');
  }
  return found;
}

function withModel(agent: Agent, modelAlias: Agent['modelAlias'] | undefined): Agent {
  return modelAlias === undefined ? agent : { ...agent, modelAlias };
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid_input', message, { errors: [{ path, message }] });
}
