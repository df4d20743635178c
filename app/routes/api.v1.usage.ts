import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZUsageQuery, ZUsageReport } from '#server/usage/contract.ts';
import { reportUsage } from '#server/usage/report-usage.ts';
import { usageCsv } from '#server/usage/usage-csv.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What you used and what it cost, by model, day, room or agent; as CSV if you accept `text/csv`',
    query: ZUsageQuery,
    status: 200,
    response: ZUsageReport,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request }) => {
      const report = await reportUsage(app, { userId: principal.user.id, ...query });
      if (!/\btext\/csv\b/i.test(request.headers.get('Accept') ?? '')) return report;
      return new Response(usageCsv(report), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="usage-by-${query.groupBy}.csv"`,
        },
      });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
