import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePageUser } from '#server/auth/require-user.ts';
import { csvResponse } from '#server/http/csv.ts';
import { ZUsageQuery } from '#server/usage/contract.ts';
import { reportUsage } from '#server/usage/report-usage.ts';
import { usageCsv } from '#server/usage/usage-csv.ts';

/** The usage page's table as a file. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const query = ZUsageQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!query.success) return new Response('The query is not valid.', { status: 400 });
  const report = await reportUsage(context.app, { userId: user.id, ...query.data });
  return csvResponse(usageCsv(report), `usage-by-${report.groupBy}`);
}
