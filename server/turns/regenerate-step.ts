import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { transaction } from '#server/platform/db.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import { insertTurn, lockConversation } from '#server/turns/insert-turn.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readAcceptance } from '#server/turns/read-acceptance.ts';
import { readTurn } from '#server/turns/read-turn.ts';
import { pendingStep, type StepRow } from '#server/turns/rows.ts';

type RegenerateApp = Pick<App, 'db' | 'env' | 'runner'>;

/**
 * Has one step done again, on a new branch: a turn with the same message, mode, roster and place, in which the steps that
 * the chosen one builds on are recorded already, at no cost. What builds on the chosen one is done again as well: in a
 * roundtable the later agents, in an orchestration the later groups and the synthesis, in manual mode nobody.
 *
 * The turn must be the caller's. Throws conflict while it runs, or when its message was deleted.
 */
export async function regenerateStep(
  app: RegenerateApp,
  { user, turnId, stepId, requestId }: { user: User; turnId: string; stepId: string; requestId: string },
): Promise<Turn> {
  const accepted = await transaction(app.db, async (tx) => {
    const source = await readTurn(tx, turnId);
    const step = source?.steps.find(({ id }) => id === stepId);
    if (!source || !step) throw notFound();
    const { row } = source;
    if (row.status === 'queued' || row.status === 'running') {
      throw new AppError('conflict', 'This turn is still running. Wait for it, or stop it first.');
    }
    if (row.what_if_of !== null) {
      throw new AppError('conflict', 'A what-if is tried anew as a whole: no branch goes on from it.');
    }
    if (source.message === '') {
      throw new AppError(
        'conflict',
        'The message that this answers was deleted. Restore it first, or write a new one.',
      );
    }
    const conversation =
      row.room_id === null
        ? ({ kind: 'direct', id: row.conversation_id } as const)
        : ({ kind: 'room', id: row.conversation_id } as const);
    await lockConversation(tx, user.id, conversation);
    const given = await readAcceptance(tx, user, conversation, row.snapshot.fileIds);
    const id = newId();
    const kept = step.kind === 'manager' ? [step] : source.steps;
    return insertTurn(tx, app, {
      turnId: id,
      user,
      conversation,
      given,
      mode: row.mode,
      roster: row.snapshot.roster,
      message: source.message,
      fileIds: row.snapshot.fileIds,
      parentTurnId: row.parent_turn_id,
      ownBranch: true,
      steps: kept.map((old) => (staysAsItIs(step, old, row.mode) ? copyOf(old, id) : anew(old, id))),
      warnings: [],
      clientRequestId: null,
      requestHash: null,
      requestId,
    });
  });
  app.runner.kick(accepted.row.conversation_id);
  return presentTurn(accepted.row, accepted.message, accepted.steps);
}

/** Whether `old` stays when `chosen` is done again. Only what was completed can be reused. */
function staysAsItIs(chosen: StepRow, old: StepRow, mode: string): boolean {
  if (old.id === chosen.id || old.status !== 'completed') return false;
  if (mode === 'manual') return true;
  if (mode === 'orchestrator' && chosen.kind === 'agent' && old.kind === 'agent') {
    return groupOf(old) <= groupOf(chosen);
  }
  return old.index < chosen.index;
}

/** `work:<group>.<place>` */
function groupOf(step: StepRow): number {
  return Number(/^work:(\d+)\./.exec(step.key)?.[1] ?? 0);
}

function copyOf(old: StepRow, turnId: string): StepRow {
  return {
    ...old,
    id: newId(),
    turn_id: turnId,
    reused_from_step_id: old.id,
    prompt_tokens: 0,
    completion_tokens: 0,
    cached_tokens: 0,
    total_tokens: 0,
    charged_micro_credits: 0n,
    latency_ms: 0,
    skip_requested_at: null,
  };
}

function anew(old: StepRow, turnId: string): StepRow {
  const { key, index, kind, agent_id, agent_name, model_alias, instruction } = old;
  return pendingStep({
    id: newId(),
    turn_id: turnId,
    key,
    index,
    kind,
    agent_id,
    agent_name,
    model_alias,
    instruction,
  });
}
