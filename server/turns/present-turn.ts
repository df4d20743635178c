import type { Citation, Step, Turn } from '#server/turns/contract.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

/** A step's row as the wire shows it. */
export function presentStep(row: StepRow): Step {
  return {
    id: row.id,
    index: row.index,
    kind: row.kind,
    agentId: row.agent_id,
    agentName: row.agent_name,
    modelAlias: row.model_alias,
    requestedModel: row.requested_model,
    servedModel: row.served_model,
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    status: row.status,
    instruction: row.instruction,
    content: row.content,
    ...(row.kind === 'manager' && row.data ? { plan: row.data } : {}),
    ...(row.error ? { error: row.error } : {}),
    toolCalls: row.tool_calls,
    citations: row.citations,
    reusedFromStepId: row.reused_from_step_id,
    promptVersion: row.prompt_version,
    usage: {
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
      cachedTokens: row.cached_tokens,
      totalTokens: row.total_tokens,
      chargedMicroCredits: row.charged_micro_credits.toString(),
      latencyMs: row.latency_ms,
    },
  };
}

/** A turn's row with its message and steps as the wire shows it. */
export function presentTurn(row: TurnRow, message: string, steps: Iterable<StepRow>): Turn {
  const ordered = [...steps].sort((a, b) => a.index - b.index);
  return {
    id: row.id,
    ...(row.room_id === null ? {} : { roomId: row.room_id }),
    ...(row.direct_session_id === null ? {} : { directSessionId: row.direct_session_id }),
    parentTurnId: row.parent_turn_id,
    ...(row.what_if_of === null ? {} : { whatIfOf: row.what_if_of }),
    status: row.status,
    mode: row.mode,
    message,
    files: attachedTo(row),
    roster: row.snapshot.roster,
    steps: ordered.map(presentStep),
    citations: citationsOf(ordered),
    failedSteps: row.failed_steps,
    chargedMicroCredits: row.charged_micro_credits.toString(),
    reservedMicroCredits: row.reserved_micro_credits.toString(),
    warnings: row.warnings,
    ...(row.error ? { error: row.error } : {}),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    lastSeq: row.last_seq,
  };
}

function attachedTo({ snapshot }: TurnRow): { id: string; name: string }[] {
  return (snapshot.files ?? []).flatMap(({ id, name }) => (snapshot.fileIds.includes(id) ? { id, name } : []));
}

/** By number: a number means the same in every step of a turn. */
function citationsOf(steps: StepRow[]): Citation[] {
  const byNumber = new Map(steps.flatMap(({ citations }) => citations.map((citation) => [citation.number, citation])));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}
