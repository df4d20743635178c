import type { App } from '#server/app.ts';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import type { Principal } from '#server/auth/contract.ts';
import { readCheckpoint } from '#server/langgraph/checkpoint.ts';
import type { CreateRun } from '#server/langgraph/contract.ts';
import { createThread } from '#server/langgraph/create-thread.ts';
import type { ThreadRow } from '#server/langgraph/find-threads.ts';
import { getAssistant } from '#server/langgraph/get-assistant.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import type { Tx } from '#server/platform/db.ts';
import { acceptTurn, SEND_ERRORS, type Line } from '#server/turns/accept-turn.ts';
import { MAX_MESSAGE_CHARACTERS, ZCreateTurn, type Turn } from '#server/turns/contract.ts';
import { getTurn } from '#server/turns/get-turn.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

type StartApp = Parameters<typeof acceptTurn>[0] & Parameters<typeof stopTurn>[0] & Pick<App, 'prisma'>;

/** For the OpenAPI document. */
export const RUN_ERRORS = ['not_found', 'conflict', ...SEND_ERRORS];

export type StartRun = {
  principal: Principal;
  /** The caller's; null begins one of its own. */
  thread: ThreadRow | null;
  request: CreateRun;
  idempotencyKey: string | null;
  requestId: string;
};

/**
 * Sends the last human message of the input to the assistant's conversation, under all the rules of a send: the run is an
 * ordinary turn. A checkpoint names the turn that it follows; one of what was asked, without input, asks the same again.
 * Throws what `acceptTurn` throws, and `conflict` for a thread of another assistant or one that is busy with `reject`.
 */
export async function startRun(app: StartApp, options: StartRun): Promise<{ turn: Turn; thread: ThreadRow }> {
  const { principal, request, requestId, idempotencyKey } = options;
  const userId = principal.user.id;
  const assistant = await getAssistant(app, userId, request.assistant_id);
  const conversation: Conversation = { kind: assistant.kind, id: assistant.id };
  const known = options.thread;
  if (known?.conversation && known.conversation.id !== conversation.id) {
    throw new AppError('conflict', 'This thread is another assistant’s. Begin one for this assistant.');
  }
  const said = await readInput(app, userId, conversation, request);
  const thread = known ?? (await createThread(app, { userId, request: {} }));
  await makeWay(app, userId, conversation, request.multitask_strategy);
  const turn = await acceptTurn(app, {
    user: principal.user,
    conversation,
    request: said,
    idempotencyKey,
    requestId,
    ...(thread.own ? {} : { line: lineOf(thread, conversation, said.parentTurnId) }),
  });
  return { turn, thread: { ...thread, conversation, headTurnId: turn.id, headStatus: turn.status } };
}

type Said = { message: string; fileIds: string[]; parentTurnId?: string | null };

async function readInput(app: StartApp, userId: string, conversation: Conversation, request: CreateRun): Promise<Said> {
  const id = request.checkpoint?.checkpoint_id ?? request.checkpoint_id;
  const checkpoint = id ? readCheckpoint(id) : null;
  const asked =
    checkpoint && checkpoint !== 'nothing' ? await turnOf(app, userId, conversation, checkpoint.turnId) : null;
  if (request.input === null || request.input === undefined) {
    if (!asked || checkpoint === 'nothing' || !checkpoint?.asked)
      throw unreadable('There is nothing to go on with: send a message.');
    const { message, files = [], parentTurnId } = asked;
    return { message, fileIds: files.map((file) => file.id), parentTurnId };
  }
  const given = ZCreateTurn.safeParse({ message: lastHumanText(request.input), fileIds: request.file_ids ?? [] });
  if (!given.success) throw unreadable(given.error.issues[0]?.message ?? 'Write a message.');
  const parent = checkpoint === 'nothing' ? { parentTurnId: null } : asked ? { parentTurnId: asked.id } : {};
  return { message: given.data.message, fileIds: given.data.fileIds, ...parent };
}

async function turnOf(app: StartApp, userId: string, conversation: Conversation, turnId: string): Promise<Turn> {
  const { id } = await getOwnedTurn(app, userId, turnId);
  const turn = await getTurn(app, id);
  if ((turn.roomId ?? turn.directSessionId) !== conversation.id) throw notFound();
  return turn;
}

/** A message as LangChain takes it: text, `{type: 'human'}`, `{role: 'user'}`, `['user', text]`; alone or in a list. */
function lastHumanText(input: unknown): string {
  const messages = isRecord(input) && 'messages' in input ? input['messages'] : input;
  if (typeof messages === 'string') return messages;
  const list = Array.isArray(messages) && !isPair(messages) ? (messages as unknown[]) : [messages];
  const last = list.findLast(isHuman);
  if (Array.isArray(last)) return textOf(last[1]);
  if (isRecord(last)) return textOf(last['content']);
  return typeof last === 'string' ? last : '';
}

function isPair(value: unknown[]): boolean {
  return value.length === 2 && (value[0] === 'user' || value[0] === 'human') && typeof value[1] === 'string';
}

function isHuman(message: unknown): boolean {
  if (typeof message === 'string') return true;
  if (Array.isArray(message)) return isPair(message);
  return isRecord(message) && [message['type'], message['role']].some((who) => who === 'human' || who === 'user');
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => {
      if (isRecord(part) && typeof part['text'] === 'string') return part['text'];
      throw unreadable('Only text can be sent; give files by file_ids.');
    })
    .join('\n')
    .slice(0, MAX_MESSAGE_CHARACTERS + 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(message: string): AppError {
  return new AppError('invalid_input', message, { errors: [{ path: 'input', message }] });
}

/** Turns of one conversation follow each other; whoever doesn't want to wait says so. */
async function makeWay(
  app: StartApp,
  userId: string,
  { id }: Conversation,
  strategy: CreateRun['multitask_strategy'],
): Promise<void> {
  if (!strategy || strategy === 'enqueue') return;
  const { rows } = await app.db.query<{ id: string }>(
    `SELECT id FROM turns WHERE conversation_id = $1 AND user_id = $2 AND status IN ('queued', 'running')
     ORDER BY queue_position DESC`,
    [id, userId],
  );
  if (strategy === 'reject' && rows.length > 0) {
    throw new AppError('conflict', 'The conversation is busy. Wait for its turn to end, or let this one queue.');
  }
  for (const turn of rows) await stopTurn(app, { turnId: turn.id });
}

/** A line goes on from what was last sent in it, whichever branch is shown on the page. */
function lineOf(thread: ThreadRow, { kind, id }: Conversation, given: string | null | undefined): Line {
  return {
    parent: async (tx) => {
      const head = await lockHead(tx, thread.id, id);
      return given === undefined ? head : given;
    },
    follow: async (tx, turnId) => {
      await tx.query(
        `UPDATE langgraph_threads SET head_turn_id = $2, updated_at = now(),
           room_id = CASE WHEN $3 = 'room' THEN $4::uuid END, direct_session_id = CASE WHEN $3 = 'direct' THEN $4::uuid END
         WHERE id = $1`,
        [thread.id, turnId, kind, id],
      );
    },
  };
}

async function lockHead(tx: Tx, threadId: string, conversationId: string): Promise<string | null> {
  const { rows } = await tx.query<{ head_turn_id: string | null; conversation_id: string | null }>(
    `SELECT head_turn_id, coalesce(room_id, direct_session_id) AS conversation_id
     FROM langgraph_threads WHERE id = $1 FOR UPDATE`,
    [threadId],
  );
  const row = rows[0];
  if (!row) throw notFound();
  if (row.conversation_id !== null && row.conversation_id !== conversationId) {
    throw new AppError('conflict', 'This thread has become another assistant’s meanwhile.');
  }
  return row.head_turn_id;
}
