import { ZShare, type Share } from '#server/shares/contract.ts';

/** With the conversation that its turn is in. */
export type ShareRow = {
  id: string;
  kind: string;
  turnId: string;
  roomId: string | null;
  directSessionId: string | null;
  conversationName: string;
  createdAt: Date;
  expiresAt: Date;
};

export function presentShare(row: ShareRow): Share {
  return {
    id: row.id,
    kind: ZShare.shape.kind.parse(row.kind),
    turnId: row.turnId,
    ...(row.roomId === null ? {} : { roomId: row.roomId }),
    ...(row.directSessionId === null ? {} : { directSessionId: row.directSessionId }),
    conversationName: row.conversationName,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
