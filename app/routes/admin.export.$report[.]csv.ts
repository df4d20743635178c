import type { LoaderFunctionArgs } from '@remix-run/node';
import {
  activeUserRows,
  costRows,
  exportCsv,
  modelHealthRows,
  usageRows,
  type Exported,
} from '#server/admin/analytics/export-csv.ts';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { reportUsage } from '#server/admin/analytics/report-usage.ts';
import { auditCsv } from '#server/admin/audit/audit-csv.ts';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZAuditFilter, ZUsageAnalyticsQuery } from '#server/admin/contract.ts';
import type { App } from '#server/app.ts';
import { pageProblem, requireAdminPage } from '#server/auth/require-user.ts';
import { csvResponse } from '#server/http/csv.ts';
import { notFound } from '#server/platform/errors.ts';

type Query = ReturnType<typeof ZUsageAnalyticsQuery.parse>;

const REPORTS: Record<string, (app: App, query: Query) => Promise<Exported>> = {
  usage: async (app, query) => usageRows(await reportUsage(app, { ...query, limit: 100_000 })),
  costs: async (app, query) => costRows(await reportCosts(app, query)),
  'active-users': async (app, query) => activeUserRows(await reportActiveUsers(app, query)),
  models: async (app, query) => modelHealthRows(await reportModelHealth(app, query)),
};

/** The table of an admin page as a file. */
export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const { app } = context;
  const by = byRequest(principal, context);
  const query = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''));
  if (params['report'] === 'audit-log') {
    const filter = ZAuditFilter.safeParse(query);
    if (!filter.success) return new Response('The query is not valid.', { status: 400 });
    return csvResponse(await auditCsv(app, { filter: filter.data, by }), 'audit-log');
  }
  const report = REPORTS[params['report'] ?? ''];
  if (!report) throw pageProblem(context, notFound());
  const period = ZUsageAnalyticsQuery.safeParse(query);
  if (!period.success) return new Response('The query is not valid.', { status: 400 });
  return exportCsv(app, { ...(await report(app, period.data)), period: period.data, by });
}
