import { z } from 'zod';
import { exportCsv, activeUserRows } from '#server/admin/analytics/export-csv.ts';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPeriodQuery, ZActiveUsers } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv } from '#server/http/csv.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'How many people were active by day, week and month; as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZPeriodQuery,
    status: 200,
    response: ZActiveUsers,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      const report = await reportActiveUsers(app, query);
      if (!acceptsCsv(request)) return report;
      return exportCsv(app, { ...activeUserRows(report), period: query, by: byRequest(principal, context) });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
