import { NavLink, Link } from '@remix-run/react';
import { House, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { User } from '#server/auth/contract.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Room } from '#server/rooms/contract.ts';
import { AccountMenu } from '#app/components/account-menu.tsx';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { Wordmark } from '#app/components/logo.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';

export type SidebarData = {
  user: User;
  rooms: Pick<Room, 'id' | 'name' | 'currentMode' | 'pendingMode'>[];
  chats: (Pick<DirectSession, 'id' | 'title'> & { agentName: string })[];
  /** Ids of conversations where something runs or waits. */
  busy: string[];
};

export function Sidebar({ data, busy }: { data: SidebarData; busy: ReadonlySet<string> }) {
  return (
    <>
      <div className="flex h-14 shrink-0 items-center px-4">
        <Link to="/" className="rounded-md" aria-label="Pantheon, home">
          <Wordmark />
        </Link>
      </div>
      <div className="px-3 pb-2">
        <Button asChild className="w-full justify-start">
          <Link to="/rooms/new">
            <Plus aria-hidden className="size-4 text-accent" />
            New room
          </Link>
        </Button>
      </div>
      <nav aria-label="Rooms and chats" className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 pb-4">
        <Entry to="/" icon={<House aria-hidden className="size-4 text-ink-faint" />} name="Home" busy={false} />
        <Section title="Rooms" empty="No rooms yet">
          {data.rooms.map((room) => {
            const { label, icon: Icon } = MODE_INFO[room.pendingMode ?? room.currentMode];
            return (
              <Entry
                key={room.id}
                to={`/rooms/${room.id}`}
                icon={<Icon role="img" aria-label={label} className="size-4 text-ink-faint" />}
                name={room.name}
                busy={busy.has(room.id)}
              />
            );
          })}
        </Section>
        <Section
          title="Direct chats"
          empty="No direct chats yet"
          action={
            <Button asChild variant="ghost" size="icon" className="size-6 pointer-coarse:size-11">
              <Link to="/direct/new" aria-label="New direct chat">
                <Plus aria-hidden className="size-4" />
              </Link>
            </Button>
          }
        >
          {data.chats.map((chat) => (
            <Entry
              key={chat.id}
              to={`/direct/${chat.id}`}
              icon={<AgentMark look={assignLooks([{ id: chat.id, name: chat.agentName }]).get(chat.id)} size="xs" />}
              name={chat.title}
              busy={busy.has(chat.id)}
            />
          ))}
        </Section>
      </nav>
      <div className="border-t border-line p-2">
        <AccountMenu user={data.user} />
      </div>
    </>
  );
}

type SectionProps = { title: string; empty: string; action?: ReactNode; children: ReactNode[] };

function Section({ title, empty, action, children }: SectionProps) {
  return (
    <section className="mt-5">
      <div className="flex min-h-7 items-center justify-between pl-2.5">
        <h2 className="text-xs font-medium text-ink-faint">{title}</h2>
        {action}
      </div>
      {children.length === 0 ? (
        <p className="px-2.5 py-1 text-[13px] text-ink-faint">{empty}</p>
      ) : (
        <ul className="mt-0.5 space-y-px">{children}</ul>
      )}
    </section>
  );
}

type EntryProps = { to: string; icon: ReactNode; name: string; busy: boolean };

function Entry({ to, icon, name, busy }: EntryProps) {
  const link = (
    <NavLink
      to={to}
      end
      prefetch="intent"
      className={({ isActive }) =>
        cn(
          'flex min-h-8 items-center gap-2.5 rounded-lg px-2.5 py-1 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11',
          isActive && 'bg-hover font-medium text-ink',
        )
      }
    >
      <span className="inline-flex size-5 shrink-0 items-center justify-center">{icon}</span>
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {busy && <Spinner label="Agents are at work" className="size-3.5 text-accent" />}
    </NavLink>
  );
  return to === '/' ? link : <li>{link}</li>;
}
