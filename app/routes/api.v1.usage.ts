import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv, csvResponse } from '#server/http/csv.ts';
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
      return acceptsCsv(request) ? csvResponse(usageCsv(report), `usage-by-${query.groupBy}`) : report;
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
