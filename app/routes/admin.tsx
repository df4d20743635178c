import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet } from '@remix-run/react';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { findModels } from '#server/models/find-models.ts';
import { AdminSidebar } from '#app/components/admin/admin-sidebar.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';

export const handle = { sidebar: { title: 'Admin pages', content: AdminSidebar } };

/** What models are called, for `useModelName`. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const models = await findModels(context.app, { plan: null });
  return { modelNames: Object.fromEntries(models.map(({ alias, displayName }) => [alias, displayName])) };
}

/** What admin pages have in common: their sidebar, and names of models. Each has its own guard. */
export default function AdminLayout() {
  return <Outlet />;
}

export { ErrorPage as ErrorBoundary };
