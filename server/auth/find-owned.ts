import { z } from 'zod';
import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type {
  ApiKey,
  DirectSession,
  File,
  Message,
  Room,
  RoomAgent,
  Session,
  Share,
  ToolApproval,
  ToolServer,
  Turn,
} from '#server/platform/prisma/client.ts';

/**
 * The one place where resources are fetched for their owner. What is absent, someone else's, deleted, inside something
 * deleted or named by what is no id at all throws the same `notFound()`.
 */
type Prisma = Pick<App, 'prisma'>;

/** `only` is for restoring. It says nothing about what the resource is inside of: that must not be deleted. */
export type Deleted = { deleted?: 'exclude' | 'include' | 'only' };

export async function getOwnedRoom(app: Prisma, userId: string, roomId: string, options: Deleted = {}): Promise<Room> {
  assertId(roomId);
  return found(await app.prisma.room.findFirst({ where: { id: roomId, ownerId: userId, ...whether(options) } }));
}

export async function getOwnedDirectSession(
  app: Prisma,
  userId: string,
  directSessionId: string,
  options: Deleted = {},
): Promise<DirectSession> {
  assertId(directSessionId);
  return found(
    await app.prisma.directSession.findFirst({ where: { id: directSessionId, ownerId: userId, ...whether(options) } }),
  );
}

/*
 * What is asked for with every message is asked of `app.db`: a prepared statement costs a fraction of a query of Prisma's.
 */

type Db = Pick<App, 'db'>;

export async function getOwnedRoomId({ db }: Db, userId: string, roomId: string): Promise<{ id: string }> {
  assertId(roomId);
  const text = 'SELECT id FROM rooms WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL';
  const { rows } = await db.query<{ id: string }>({ name: 'owned-room', text, values: [roomId, userId] });
  return found(rows[0] ?? null);
}

export async function getOwnedDirectSessionId({ db }: Db, userId: string, sessionId: string): Promise<{ id: string }> {
  assertId(sessionId);
  const text = 'SELECT id FROM direct_sessions WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL';
  const { rows } = await db.query<{ id: string }>({ name: 'owned-direct-session', text, values: [sessionId, userId] });
  return found(rows[0] ?? null);
}

export async function getOwnedTurnId({ db }: Db, userId: string, turnId: string): Promise<{ id: string }> {
  assertId(turnId);
  const text = `SELECT t.id FROM turns t
    LEFT JOIN rooms r ON r.id = t.room_id LEFT JOIN direct_sessions d ON d.id = t.direct_session_id
    WHERE t.id = $1 AND t.user_id = $2
      AND coalesce(r.owner_id, d.owner_id) = $2 AND r.deleted_at IS NULL AND d.deleted_at IS NULL`;
  const { rows } = await db.query<{ id: string }>({ name: 'owned-turn', text, values: [turnId, userId] });
  return found(rows[0] ?? null);
}

export async function getOwnedAgent(app: Prisma, userId: string, roomId: string, agentId: string): Promise<RoomAgent> {
  assertId(roomId);
  assertId(agentId);
  return found(
    await app.prisma.roomAgent.findFirst({
      where: { id: agentId, roomId, deletedAt: null, room: { ownerId: userId, deletedAt: null } },
    }),
  );
}

export async function getOwnedTurn(app: Prisma, userId: string, turnId: string): Promise<Turn> {
  assertId(turnId);
  const turn = found(await app.prisma.turn.findFirst({ where: { id: turnId, userId } }));
  await assertConversation(app, userId, turn);
  return turn;
}

export async function getOwnedMessage(
  app: Prisma,
  userId: string,
  messageId: string,
  options: Deleted = {},
): Promise<Message> {
  assertId(messageId);
  const message = found(
    await app.prisma.message.findFirst({
      where: { id: messageId, turn: { userId }, ...whether(options) },
      include: { turn: { select: { roomId: true, directSessionId: true } } },
    }),
  );
  const { turn, ...row } = message;
  await assertConversation(app, userId, turn);
  return row;
}

export async function getOwnedFile(app: Prisma, userId: string, fileId: string, options: Deleted = {}): Promise<File> {
  assertId(fileId);
  const file = found(await app.prisma.file.findFirst({ where: { id: fileId, ownerId: userId, ...whether(options) } }));
  await assertConversation(app, userId, file);
  return file;
}

/** A key that is not revoked. */
export async function getOwnedApiKey(app: Prisma, userId: string, apiKeyId: string): Promise<ApiKey> {
  assertId(apiKeyId);
  return found(await app.prisma.apiKey.findFirst({ where: { id: apiKeyId, userId, revokedAt: null } }));
}

/** A link that is not revoked. */
export async function getOwnedShare(app: Prisma, userId: string, shareId: string): Promise<Share> {
  assertId(shareId);
  return found(await app.prisma.share.findFirst({ where: { id: shareId, ownerId: userId, revokedAt: null } }));
}

export async function getOwnedToolServer(app: Prisma, userId: string, toolServerId: string): Promise<ToolServer> {
  assertId(toolServerId);
  return found(await app.prisma.toolServer.findFirst({ where: { id: toolServerId, userId } }));
}

export async function getOwnedToolApproval(app: Prisma, userId: string, toolApprovalId: string): Promise<ToolApproval> {
  assertId(toolApprovalId);
  const approval = found(
    await app.prisma.toolApproval.findFirst({
      where: { id: toolApprovalId, turn: { userId } },
      include: { turn: { select: { roomId: true, directSessionId: true } } },
    }),
  );
  const { turn, ...row } = approval;
  await assertConversation(app, userId, turn);
  return row;
}

/** A browser's sign-in that has not ended. */
export async function getOwnedSession(app: Prisma, userId: string, sessionId: string): Promise<Session> {
  assertId(sessionId);
  return found(await app.prisma.session.findFirst({ where: { id: sessionId, userId } }));
}

async function assertConversation(
  { prisma }: Prisma,
  userId: string,
  inside: { roomId: string | null; directSessionId: string | null },
): Promise<void> {
  const { roomId, directSessionId } = inside;
  const mine = { ownerId: userId, deletedAt: null };
  if (roomId !== null) found(await prisma.room.findFirst({ where: { id: roomId, ...mine }, select: { id: true } }));
  if (directSessionId !== null) {
    found(await prisma.directSession.findFirst({ where: { id: directSessionId, ...mine }, select: { id: true } }));
  }
}

function whether({ deleted = 'exclude' }: Deleted) {
  switch (deleted) {
    case 'exclude':
      return { deletedAt: null };
    case 'only':
      return { deletedAt: { not: null } };
    case 'include':
      return {};
  }
}

/** PostgreSQL answers an error, not nothing, when it is asked for an id that is no UUID. */
export function assertId(id: string): void {
  if (!z.guid().safeParse(id).success) throw notFound();
}

function found<T>(row: T | null): T {
  if (row === null) throw notFound();
  return row;
}
