import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Agent } from '#server/agents/contract.ts';
import { MAX_AGENTS } from '#server/agents/contract.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';

/** A room's agents in their order, active or not. The room must be the caller's: see `getOwnedRoom`. */
export async function findAgents(
  { prisma }: Pick<App, 'prisma'>,
  { roomId, cursor, limit = MAX_AGENTS }: { roomId: string; cursor?: string | undefined; limit?: number },
): Promise<Page<Agent>> {
  const after = decodeCursor(z.int(), cursor) ?? -1;
  const rows = await prisma.roomAgent.findMany({
    where: { roomId, deletedAt: null, position: { gt: after } },
    orderBy: { position: 'asc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(presentAgent),
    nextCursor: last && rows.length > limit ? encodeCursor(last.position) : null,
  };
}
