import { Link, NavLink } from '@remix-run/react';
import {
  Activity,
  ArrowLeft,
  ChartColumn,
  Cog,
  HeartPulse,
  LayoutDashboard,
  Mail,
  ScrollText,
  Tags,
  Trash2,
  Users,
} from 'lucide-react';
import type { User } from '#server/auth/contract.ts';
import { AccountMenu } from '#app/components/account-menu.tsx';
import { Wordmark } from '#app/components/logo.tsx';
import { cn } from '#app/components/ui/cn.ts';

const PAGES = [
  {
    title: 'Analytics',
    pages: [
      { to: '/admin', name: 'Overview', icon: LayoutDashboard },
      { to: '/admin/usage', name: 'Usage and cost', icon: ChartColumn },
      { to: '/admin/health', name: 'Model health', icon: HeartPulse },
    ],
  },
  {
    title: 'Controls',
    pages: [
      { to: '/admin/users', name: 'Users', icon: Users },
      { to: '/admin/invites', name: 'Invitations', icon: Mail },
      { to: '/admin/pricing', name: 'Pricing', icon: Tags },
      { to: '/admin/settings', name: 'Models and settings', icon: Cog },
    ],
  },
  {
    title: 'Operations',
    pages: [
      { to: '/admin/jobs', name: 'Jobs', icon: Activity },
      { to: '/admin/purges', name: 'Purges', icon: Trash2 },
      { to: '/admin/audit', name: 'Audit log', icon: ScrollText },
    ],
  },
];

/** Where owners and analysts find their way. */
export function AdminSidebar({ user }: { user: User }) {
  return (
    <>
      <div className="flex h-14 shrink-0 items-center px-4">
        <Link to="/" className="rounded-md" aria-label="Pantheon, home">
          <Wordmark />
        </Link>
      </div>
      <nav aria-label="Admin pages" className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 pb-4">
        <Entry to="/" name="Back to the rooms" icon={ArrowLeft} />
        {PAGES.map(({ title, pages }) => (
          <section key={title} className="mt-5">
            <h2 className="flex min-h-7 items-center pl-2.5 text-xs font-medium text-ink-faint">{title}</h2>
            <ul className="mt-0.5 space-y-px">
              {pages.map((page) => (
                <li key={page.to}>
                  <Entry {...page} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className="border-t border-line p-2">
        <AccountMenu user={user} />
      </div>
    </>
  );
}

function Entry({ to, name, icon: Icon }: { to: string; name: string; icon: typeof Users }) {
  return (
    <NavLink
      to={to}
      end={to === '/admin' || to === '/'}
      prefetch="intent"
      className={({ isActive }) =>
        cn(
          'flex min-h-8 items-center gap-2.5 rounded-lg px-2.5 py-1 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11',
          isActive && 'bg-hover font-medium text-ink',
        )
      }
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 truncate">{name}</span>
    </NavLink>
  );
}
