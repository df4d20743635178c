import { z } from 'zod';
import { exportCsv, usageRows } from '#server/admin/analytics/export-csv.ts';
import { reportUsage } from '#server/admin/analytics/report-usage.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZUsageAnalyticsQuery, ZUsageAnalytics } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv } from '#server/http/csv.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What models were called for, by person, model, day or several of them; as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZUsageAnalyticsQuery,
    status: 200,
    response: ZUsageAnalytics,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      const report = await reportUsage(app, query);
      if (!acceptsCsv(request)) return report;
      return exportCsv(app, { ...usageRows(report), period: query, by: byRequest(principal, context) });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
