import { v4 } from 'uuid';
import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { assertId } from '#server/auth/find-owned.ts';
import { keepAhead, readAhead, type Ahead } from '#server/context/recall.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { storableText } from '#server/turns/append-events.ts';
import type { CreateTurn, Turn } from '#server/turns/contract.ts';
import { beginFirstSteps } from '#server/turns/begin-first-steps.ts';
import { beginRun } from '#server/turns/claim-turn.ts';
import { findEarlier, hashRequest } from '#server/turns/find-earlier.ts';
import { insertTurn, lockConversation, type InsertedTurn } from '#server/turns/insert-turn.ts';
import { LEASE_MS } from '#server/turns/lease.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { planFirstSteps } from '#server/turns/plan-first-steps.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readAcceptance } from '#server/turns/read-acceptance.ts';

export type AcceptTurn = {
  user: User;
  conversation: Conversation;
  request: CreateTurn;
  /** The client's name for this send: the same again gives the same turn. */
  idempotencyKey: string | null;
  /** Of the HTTP request, which goes with the turn as far as the model's provider. */
  requestId: string;
  /** Of a conversation with several lines, the one that it goes on; the parent is then the line's to say. */
  line?: Line;
};

/** Both are called under the conversation's lock, in the transaction that takes the message on. */
export type Line = {
  /** The turn that the message follows; null for the very beginning. */
  parent: (tx: Tx) => Promise<string | null>;
  /** Notes the line's newest turn. */
  follow: (tx: Tx, turnId: string) => Promise<void>;
};

/** What a send throws, for the OpenAPI document. */
export const SEND_ERRORS = [
  'no_valid_tags',
  'no_active_agents',
  'model_not_allowed',
  'insufficient_credits',
  'monthly_cap_reached',
  'idempotency_conflict',
  'too_many_turns',
];

/**
 * Takes a message on: the pending mode becomes the current one, roster, models and caps are snapshotted, and the message
 * and its turn are written, in one transaction under the conversation's row; where this process runs it at once, with its
 * start and the intents of its first calls. What is refused changes nothing.
 *
 * Throws SEND_ERRORS, and not_found.
 */
export async function acceptTurn(
  app: Pick<App, 'db' | 'env' | 'runner' | 'llm' | 'prompts'>,
  options: AcceptTurn,
): Promise<Turn> {
  const { user, conversation, request, idempotencyKey, line } = options;
  assertId(conversation.id);
  const requestHash = hashRequest([request.message, request.fileIds, request.parentTurnId ?? null]);
  const began = performance.now();
  let ahead: Ahead = new Map();
  const { turn, inserted } = await transaction(app.db, async (tx, commit) => {
    const [, earlier, given] = await Promise.all([
      lockConversation(tx, user.id, conversation),
      findEarlier(tx, { conversationId: conversation.id, idempotencyKey, requestHash }),
      readAcceptance(tx, user, conversation, request.fileIds),
    ]);
    if (earlier) return { turn: earlier, inserted: null };
    const first = given.queuedHere + given.runningHere === 0;
    const starts = first && app.runner.hasRoom();
    const message = storableText(request.message);
    const turnId = newId();
    const parentTurnId = line ? await line.parent(tx) : request.parentTurnId;
    const planned = planFirstSteps(given, message, turnId);
    // Behind a send to the branch that is there, what was said up to its head travels along.
    const sendCommit = () =>
      commit(() => {
        const told = { parentTurnId: given.headTurnId, roster: given.agents, steps: planned.steps };
        if (starts) ahead = readAhead(tx, told);
        return Promise.all(ahead.values());
      });
    const inserted = await insertTurn(
      tx,
      app,
      {
        turnId,
        user,
        conversation,
        given,
        mode: given.mode,
        roster: given.agents,
        message,
        fileIds: request.fileIds,
        parentTurnId,
        ownBranch: false,
        ...planned,
        clientRequestId: idempotencyKey,
        requestHash,
        requestId: options.requestId,
        start: starts
          ? {
              leaseToken: v4(),
              begin: (snapshot) => beginFirstSteps(app, { mode: given.mode, message, steps: planned.steps, snapshot }),
            }
          : null,
        isSend: true,
      },
      line ? undefined : sendCommit,
    );
    await line?.follow(tx, inserted.row.id);
    return { turn: inserted, inserted };
  });
  if (inserted) begin(app, inserted, { ahead, until: began + LEASE_MS / 2 });
  return presentTurn({ ...turn.row, ...(inserted ? WAITING : {}) }, turn.message, turn.steps);
}

/**
 * What was accepted has waited, if only for as long as its transaction took: it is told as of its first event, and who goes on
 * from there hears of its start.
 */
const WAITING = { status: 'queued', started_at: null, last_seq: 1 } as const;

/** `until`: by this process's clock, when somebody else could take the turn if nothing was heard of it. */
function begin(
  app: Pick<App, 'runner'>,
  { row, message, beginning, logged }: InsertedTurn,
  { ahead, until }: { ahead: Ahead; until: number },
): void {
  if (row.lease_token === null || !beginning) return app.runner.kick(row.conversation_id);
  const intents = new Map(beginning.calls.map((call) => [call.step_key, call]));
  const run = beginRun(row, row.lease_token, {
    message,
    elapsedMs: 0,
    steps: beginning.steps,
    journal: [],
    begun: { intents, until },
  });
  keepAhead(run, ahead);
  app.runner.adopt(run, logged);
}
