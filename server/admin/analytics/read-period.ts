import { ZPeriodQuery, type Period } from '#server/admin/contract.ts';

/** The period that a page is asked for; what is no period is the usual one. `today` as the server has it. */
export function readPeriod(request: Request): Period & { today: string } {
  const { searchParams } = new URL(request.url);
  const given = { from: searchParams.get('from') ?? undefined, to: searchParams.get('to') ?? undefined };
  const parsed = ZPeriodQuery.safeParse(given);
  const period = parsed.success ? parsed.data : ZPeriodQuery.parse({});
  return { from: period.from, to: period.to, today: new Date().toISOString().slice(0, 10) };
}
