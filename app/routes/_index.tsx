import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { ArrowRight, Coins, MessageCirclePlus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { findSeats } from '#server/agents/find-seats.ts';
import { requirePageUser } from '#server/auth/require-user.ts';
import type { Wallet } from '#server/billing/contract.ts';
import { getWallet } from '#server/billing/get-wallet.ts';
import { findDirectSessions } from '#server/direct/find-direct-sessions.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits } from '#app/components/format.ts';
import { ChatCard } from '#app/components/home/chat-card.tsx';
import { councilOf } from '#app/components/home/council-of.ts';
import { RoomCard } from '#app/components/home/room-card.tsx';
import { useMarks } from '#app/components/marks-context.ts';
import { ROOM_TEMPLATES } from '#app/components/room-templates.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { TemplateCard } from '#app/components/template-card.tsx';
import { RecentlyDeleted } from '#app/components/recently-deleted.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import type { loader as rootLoader } from '#app/root.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Home · Pantheon' }];

const SHOWN = 6;
const DELETED = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const [rooms, deletedRooms, chats, deletedChats, wallet] = await Promise.all([
    findRooms(app, { userId: user.id, limit: SHOWN }),
    findRooms(app, { userId: user.id, deleted: true, limit: DELETED }),
    findDirectSessions(app, { userId: user.id, limit: SHOWN }),
    findDirectSessions(app, { userId: user.id, deleted: true, limit: DELETED }),
    getWallet(app, user),
  ]);
  const seats = Map.groupBy(
    await findSeats(
      app,
      rooms.items.map(({ id }) => id),
    ),
    ({ roomId }) => roomId,
  );
  const deleted = [
    ...deletedRooms.items.map(({ id, name }) => ({ id, name, kind: 'Room', path: `/rooms/${id}` })),
    ...deletedChats.items.map(({ id, title }) => ({
      id,
      name: title,
      kind: 'Direct chat',
      path: `/direct-sessions/${id}`,
    })),
  ];
  const councils = rooms.items.map((room) => ({ ...room, council: councilOf(seats.get(room.id) ?? []) }));
  return { rooms: councils, deleted, chats: chats.items, wallet, now: Date.now() };
}

export default function Home() {
  const { rooms, deleted, chats, wallet, now } = useLoaderData<typeof loader>();
  const sidebar = useRouteLoaderData<typeof rootLoader>('root')?.sidebar;
  const user = sidebar?.user;
  const marks = useMarks();
  const running = [
    ...(sidebar?.rooms ?? []).map(({ id, name }) => ({ id, name, to: `/rooms/${id}` })),
    ...(sidebar?.chats ?? []).map(({ id, name }) => ({ id, name, to: `/direct/${id}` })),
  ].filter(({ id }) => marks.busy.has(id));
  const directChats = (
    <Section
      title="Direct chats"
      action={
        <Button asChild size="sm" variant="ghost" className="-mr-2.5">
          <Link to="/direct/new">
            <MessageCirclePlus aria-hidden className="size-4" />
            New chat
          </Link>
        </Button>
      }
    >
      {chats.length === 0 ? (
        <p className="rounded-2xl border border-dashed border-line-strong px-5 py-6 text-sm text-ink-soft">
          Talk with one agent alone. It remembers only what was said there.
        </p>
      ) : (
        <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {chats.map((chat) => (
            <ChatCard key={chat.id} chat={chat} marks={marks} now={now} />
          ))}
        </ul>
      )}
    </Section>
  );
  const templates = (
    <Section title="Start from a template">
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {ROOM_TEMPLATES.map((template) => (
          <TemplateCard key={template.id} template={template} />
        ))}
      </ul>
    </Section>
  );
  return (
    <>
      <PageHeader
        title="Home"
        actions={
          <Button asChild size="sm" variant="primary">
            <Link to="/rooms/new">
              <Plus aria-hidden className="size-4" />
              New room
            </Link>
          </Button>
        }
      />
      <PageBody>
        <p className="text-2xl font-semibold tracking-tight text-balance">
          {rooms.length === 0
            ? 'Bring your first council together'
            : `Welcome back, ${user?.displayName ?? user?.email.split('@')[0] ?? ''}`}
        </p>
        <p className="mt-1.5 max-w-2xl text-[15px] text-ink-soft">
          {rooms.length === 0
            ? 'A room holds a few agents with different jobs. You write once; you see who said what, on which model, and what it cost.'
            : running.length > 0
              ? `Agents are at work in ${running.length === 1 ? 'one conversation' : `${running.length} conversations`}.`
              : 'Nothing is running. Pick up where you left off.'}
        </p>

        <Balance wallet={wallet} />

        {running.length > 0 && (
          <Section title="At work now">
            <ul className="divide-y divide-line rounded-2xl border border-line bg-raised shadow-xs">
              {running.map(({ id, name, to }) => (
                <li key={id}>
                  <Link
                    to={to}
                    prefetch="intent"
                    className="flex min-h-11 items-center gap-3 px-4 py-2.5 text-sm first:rounded-t-2xl last:rounded-b-2xl hover:bg-hover"
                  >
                    <Spinner className="text-accent" />
                    <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                    <ArrowRight aria-hidden className="size-4 text-ink-faint" />
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        )}

        {rooms.length > 0 && (
          <Section title="Recent rooms">
            <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
              {rooms.map((room) => (
                <RoomCard key={room.id} room={room} marks={marks} now={now} />
              ))}
            </ul>
          </Section>
        )}

        {/* Who is new begins with a room; who has some goes on. */}
        {rooms.length === 0 ? (
          <>
            {templates}
            {directChats}
          </>
        ) : (
          <>
            {directChats}
            {templates}
          </>
        )}
        {deleted.length > 0 && <RecentlyDeleted items={deleted} />}
      </PageBody>
    </>
  );
}

/** Below this a long answer may not fit any more. */
const LOW = 5_000_000n;

/** What is left to spend; where it is little or nothing, what to do about it. */
function Balance({ wallet }: { wallet: Wallet }) {
  const left = BigInt(wallet.balanceMicroCredits) - BigInt(wallet.reservedMicroCredits);
  const buy = (
    <Button asChild size="sm" variant="primary">
      <Link to="/billing">Get credits</Link>
    </Button>
  );
  if (left <= 0n) {
    return (
      <Alert tone="warn" className="mt-6 max-w-2xl items-center" title="You are out of credits" action={buy}>
        Everything can be read. Agents answer again when there are credits.
      </Alert>
    );
  }
  if (left < LOW) {
    return (
      <Alert
        tone="info"
        className="mt-6 max-w-2xl items-center"
        title={`${formatCredits(left)} credits left`}
        action={buy}
      >
        Enough for a few short answers.
      </Alert>
    );
  }
  return (
    <Link
      to="/billing"
      className="mt-4 inline-flex min-h-8 items-center gap-2 rounded-lg text-sm text-ink-soft hover:text-ink pointer-coarse:min-h-11"
    >
      <Coins aria-hidden className="size-4 text-ink-faint" />
      <span>
        <span className="font-semibold text-ink">{formatCredits(left)}</span> credits to spend
      </span>
    </Link>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-10">
      <div className="mb-3 flex min-h-8 items-center justify-between gap-3">
        <h2 className="text-sm font-semibold tracking-tight">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

export { ErrorPage as ErrorBoundary };
