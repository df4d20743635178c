import type { App } from '#server/app.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

export type StopApp = Pick<App, 'prisma'> & Parameters<typeof stopTurn>[0];

/** Stops every turn that waits or runs in a conversation, the last in the queue first, so that none starts meanwhile. */
export async function stopOpenTurns(app: StopApp, { conversationId }: { conversationId: string }): Promise<void> {
  const open = await app.prisma.turn.findMany({
    where: { conversationId, status: { in: ['queued', 'running'] } },
    orderBy: { queuePosition: 'desc' },
    select: { id: true },
  });
  for (const turn of open) await stopTurn(app, { turnId: turn.id });
}
