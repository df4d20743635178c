import { NavLink, Link } from '@remix-run/react';
import { House, Plus, Search } from 'lucide-react';
import { memo, type KeyboardEvent, type ReactNode } from 'react';
import type { User } from '#server/auth/contract.ts';
import type { Activity, SidebarChat, SidebarRoom } from '#server/conversations/contract.ts';
import { AccountMenu } from '#app/components/account-menu.tsx';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { callApi } from '#app/components/api.ts';
import { Wordmark } from '#app/components/logo.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import { ModKey } from '#app/components/switcher/mod-key.tsx';
import { useSwitcher } from '#app/components/switcher/switcher-context.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { useAction } from '#app/components/use-action.ts';
import type { Marks } from '#app/components/use-activity.ts';
import { useDrag } from '#app/components/use-drag.ts';
import { useOrder } from '#app/components/use-order.ts';
import { useReload } from '#app/components/use-reload.ts';
import { Wake } from '#app/components/wake.tsx';

export type SidebarData = { user: User; rooms: SidebarRoom[]; chats: SidebarChat[]; activity: Activity };

type SidebarProps = { data: SidebarData; marks: Marks };

/** Wakes after what it stands beside. */
export const Sidebar = memo(function Sidebar(props: SidebarProps) {
  return (
    <Wake>
      <SidebarContent {...props} />
    </Wake>
  );
});

function SidebarContent({ data, marks }: SidebarProps) {
  const { openSwitcher } = useSwitcher();
  return (
    <>
      <div className="flex h-14 shrink-0 items-center px-4">
        <Link to="/" className="rounded-md" aria-label="Pantheon, home">
          <Wordmark />
        </Link>
      </div>
      <div className="flex flex-col gap-1.5 px-3 pb-2">
        <Button asChild className="w-full justify-start">
          <Link to="/rooms/new">
            <Plus aria-hidden className="size-4 text-accent" />
            New room
          </Link>
        </Button>
        <Button
          variant="ghost"
          className="w-full justify-start px-2.5 font-normal text-ink-soft"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={openSwitcher}
        >
          <Search aria-hidden className="size-4 text-ink-faint" />
          Search
          <ModKey letter="K" className="ml-auto" />
        </Button>
      </div>
      <nav aria-label="Rooms and chats" className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 pb-4">
        <NavLink to="/" end prefetch="intent" className={entryLook}>
          <span className="inline-flex size-5 shrink-0 items-center justify-center">
            <House aria-hidden className="size-4 text-ink-faint" />
          </span>
          Home
        </NavLink>
        <Section
          title="Rooms"
          empty="No rooms yet"
          items={data.rooms}
          marks={marks}
          canOrder={!data.user.suspended}
          pathOf={(id) => `/rooms/${id}`}
          save={(roomIds) => callApi('PUT', '/rooms/order', { body: { roomIds } })}
          iconOf={({ mode }) => {
            const { label, icon: Icon } = MODE_INFO[mode];
            return <Icon role="img" aria-label={label} className="size-4 text-ink-faint" />;
          }}
        />
        <Section
          title="Direct chats"
          empty="No direct chats yet"
          items={data.chats}
          marks={marks}
          canOrder={!data.user.suspended}
          pathOf={(id) => `/direct/${id}`}
          save={(directSessionIds) => callApi('PUT', '/direct-sessions/order', { body: { directSessionIds } })}
          iconOf={({ id, agentName }) => <AgentMark look={assignLooks([{ id, name: agentName }]).get(id)} size="xs" />}
          action={
            <Button asChild variant="ghost" size="icon" className="size-6 pointer-coarse:size-11">
              <Link to="/direct/new" aria-label="New direct chat">
                <Plus aria-hidden className="size-4" />
              </Link>
            </Button>
          }
        />
      </nav>
      <div className="border-t border-line p-2">
        <AccountMenu user={data.user} />
      </div>
    </>
  );
}

type Item = { id: string; name: string };

type SectionProps<T extends Item> = {
  title: string;
  empty: string;
  items: readonly T[];
  marks: Marks;
  canOrder: boolean;
  pathOf: (id: string) => string;
  iconOf: (item: T) => ReactNode;
  /** Every id in the new order. */
  save: (ids: string[]) => Promise<unknown>;
  action?: ReactNode;
};

function Section<T extends Item>({
  title,
  empty,
  items,
  marks,
  canOrder,
  pathOf,
  iconOf,
  save,
  action,
}: SectionProps<T>) {
  const reload = useReload();
  const { problem, run } = useAction();
  const order = useOrder(items, (ids) =>
    run('order', async () => {
      await save(ids);
      reload();
    }),
  );
  return (
    <section className="mt-5">
      <div className="flex min-h-7 items-center justify-between pl-2.5">
        <h2 className="text-xs font-medium text-ink-faint">{title}</h2>
        {action}
      </div>
      <p role="status" className="sr-only">
        {order.announcement}
      </p>
      {items.length === 0 ? (
        <p className="px-2.5 py-1 text-[13px] text-ink-faint">{empty}</p>
      ) : (
        <ul className="mt-0.5">
          {order.ordered.map((item) => (
            <Entry
              key={item.id}
              list={title}
              item={item}
              to={pathOf(item.id)}
              icon={iconOf(item)}
              busy={marks.busy.has(item.id)}
              unread={marks.unread.has(item.id)}
              order={canOrder && items.length > 1 ? order : null}
            />
          ))}
        </ul>
      )}
      {problem && (
        <Alert tone="danger" className="mt-2">
          {problem.message}
        </Alert>
      )}
    </section>
  );
}

type EntryProps = {
  list: string;
  item: Item;
  to: string;
  icon: ReactNode;
  busy: boolean;
  unread: boolean;
  /** Null where the order can’t be changed. */
  order: Pick<ReturnType<typeof useOrder<Item>>, 'move' | 'drop'> | null;
};

/** A conversation; Alt+Arrow moves it, and so does dragging. */
function Entry({ list, item, to, icon, busy, unread, order }: EntryProps) {
  const { ref, dragging, edge } = useDrag<HTMLLIElement>({
    list,
    id: item.id,
    disabled: order === null,
    onDrop: (id, beside, at) => order?.drop(id, beside, at),
  });
  function onKeyDown(event: KeyboardEvent<HTMLAnchorElement>) {
    if (!order || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    order.move(item.id, event.key === 'ArrowUp' ? -1 : 1);
  }
  return (
    <li
      ref={ref}
      className={cn(
        'relative py-px',
        dragging && 'opacity-45',
        edge && 'before:absolute before:inset-x-1 before:z-10 before:h-0.5 before:rounded-full before:bg-accent',
        edge === 'before' && 'before:-top-px',
        edge === 'after' && 'before:-bottom-px',
      )}
    >
      <NavLink
        to={to}
        end
        prefetch="intent"
        draggable={false}
        aria-keyshortcuts={order ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
        onKeyDown={onKeyDown}
        className={(state) => cn(entryLook(state), unread && 'font-semibold text-ink')}
      >
        <span className="inline-flex size-5 shrink-0 items-center justify-center">{icon}</span>
        <span className="min-w-0 flex-1 truncate">{item.name}</span>
        {busy ? (
          <Spinner label="Agents are at work" className="size-3.5 text-accent" />
        ) : (
          unread && (
            <span className="size-2 shrink-0 rounded-full bg-accent">
              <span className="sr-only">unread</span>
            </span>
          )
        )}
      </NavLink>
    </li>
  );
}

function entryLook({ isActive }: { isActive: boolean }): string {
  return cn(
    'flex min-h-8 items-center gap-2.5 rounded-lg px-2.5 py-1 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11',
    isActive && 'bg-hover font-medium text-ink',
  );
}
