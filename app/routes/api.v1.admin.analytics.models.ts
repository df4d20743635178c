import { z } from 'zod';
import { exportCsv, modelHealthRows } from '#server/admin/analytics/export-csv.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPeriodQuery, ZModelHealth } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv } from '#server/http/csv.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'How models serve: failures by cause, latency, time to first token; as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZPeriodQuery,
    status: 200,
    response: ZModelHealth,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      const report = await reportModelHealth(app, query);
      if (!acceptsCsv(request)) return report;
      return exportCsv(app, { ...modelHealthRows(report), period: query, by: byRequest(principal, context) });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
