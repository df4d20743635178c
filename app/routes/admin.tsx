import { Outlet } from '@remix-run/react';
import { AdminSidebar } from '#app/components/admin/admin-sidebar.tsx';

export const handle = { sidebar: { title: 'Admin pages', content: AdminSidebar } };

/** What admin pages have in common: their sidebar. Each has its own guard. */
export default function AdminLayout() {
  return <Outlet />;
}
