import { z } from 'zod';
import { exportCsv, topRows } from '#server/admin/analytics/export-csv.ts';
import { reportTop } from '#server/admin/analytics/report-top.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZTopQuery, ZTop } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv } from '#server/http/csv.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The people or models that cost most or took the most tokens; as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZTopQuery,
    status: 200,
    response: ZTop,
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      const report = await reportTop(app, query);
      if (!acceptsCsv(request)) return report;
      return exportCsv(app, { ...topRows(report), period: query, by: byRequest(principal, context) });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
