import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { auditCsv } from '#server/admin/audit/audit-csv.ts';
import { findAuditLogs } from '#server/admin/audit/find-audit-logs.ts';
import { ZAuditFilter, ZAuditLog } from '#server/admin/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { acceptsCsv, csvResponse } from '#server/http/csv.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary:
      'The audit log, newest first, by who, what, target and day; all that matches as CSV if you accept `text/csv`',
    audience: 'admin',
    query: ZPageQuery.extend(ZAuditFilter.shape),
    status: 200,
    response: pageOf(ZAuditLog),
    produces: { 'text/csv': z.string() },
    handle: async ({ app, principal, query, request, context }) => {
      if (!acceptsCsv(request)) return findAuditLogs(app, query);
      return csvResponse(await auditCsv(app, { filter: query, by: byRequest(principal, context) }), 'audit-log');
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
