import { z } from 'zod';
import { exportCsv, costRows } from '#server/admin/analytics/export-csv.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPeriodQuery, ZCostAnalytics } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv } from '#server/http/csv.ts';

export const route = apiRoute({
  GET: operation({
    summary:
      'Provider cost against credits burned and their value, by day and by model; as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZPeriodQuery,
    status: 200,
    response: ZCostAnalytics,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      const report = await reportCosts(app, query);
      if (!acceptsCsv(request)) return report;
      return exportCsv(app, { ...costRows(report), period: query, by: byRequest(principal, context) });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
