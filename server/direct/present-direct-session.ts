import { ZDirectSession, type DirectSession } from '#server/direct/contract.ts';
import type { DirectSession as DirectSessionRow } from '#server/platform/prisma/client.ts';

/** A direct chat as the wire shows it. */
export function presentDirectSession(row: DirectSessionRow): DirectSession {
  return {
    id: row.id,
    title: row.title,
    agent: ZDirectSession.shape.agent.parse(row.agent),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
  };
}
