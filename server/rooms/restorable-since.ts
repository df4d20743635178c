import type { App } from '#server/app.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/** What was deleted before this moment, by the database's clock, can't be restored. */
export async function restorableSince({ prisma }: Pick<App, 'prisma'>): Promise<Date> {
  const [row] = await prisma.$queryRaw<[{ since: Date }]>`
    SELECT now() - make_interval(days => ${RESTORE_DAYS}::int) AS since`;
  return row.since;
}
