import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { useState } from 'react';
import { requirePageUser } from '#server/auth/require-user.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import { findModels } from '#server/models/find-models.ts';
import { AgentFields, draftOf } from '#app/components/agent-fields.tsx';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { callApi } from '#app/components/api.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Card } from '#app/components/ui/card.tsx';
import { useAction } from '#app/components/use-action.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'New direct chat · Pantheon' }];

const MAX_OFFERED = 24;
/** The others are one press away: who wants a new agent should see where. */
const SHOWN_AT_ONCE = 6;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const [models, known] = await Promise.all([
    findModels(app, user),
    app.prisma.roomAgent.findMany({
      where: { deletedAt: null, room: { ownerId: user.id, deletedAt: null } },
      select: { id: true, name: true, room: { select: { name: true } } },
      orderBy: { createdAt: 'desc' },
      take: MAX_OFFERED,
    }),
  ]);
  const agents = known.map(({ id, name, room }) => ({ id, name, roomName: room.name }));
  return { models, agents, chosen: new URL(request.url).searchParams.get('agent') };
}

export default function NewDirectChat() {
  const { models, agents, chosen } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(null, models));
  const { pending, problem, run } = useAction();
  const ordered = [...agents].sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen));

  const start = (id: string, body: unknown) =>
    void run(id, async () => {
      const session = await callApi<DirectSession>('POST', '/direct-sessions', { body });
      navigate(`/direct/${session.id}`);
    });

  const choices = (some: typeof ordered) => (
    <ul className="mt-3 grid grid-cols-1 gap-2 sm:grid-cols-2">
      {some.map((agent) => (
        <li key={agent.id}>
          <button
            type="button"
            disabled={pending !== null}
            onClick={() => start(agent.id, { roomAgentId: agent.id })}
            className={`flex min-h-14 w-full items-center gap-3 rounded-xl border bg-raised px-3.5 py-2 text-left hover:border-line-strong ${agent.id === chosen ? 'border-accent' : 'border-line'}`}
          >
            <AgentMark look={assignLooks([agent]).get(agent.id)} />
            <span className="min-w-0">
              <span className="block truncate text-sm font-medium">{agent.name}</span>
              <span className="block truncate text-xs text-ink-faint">{agent.roomName}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );

  return (
    <>
      <PageHeader title="New direct chat" below="One agent, outside any room, with a memory of its own" />
      <PageBody className="max-w-2xl">
        {ordered.length > 0 && (
          <section className="mb-9">
            <h2 className="text-sm font-semibold tracking-tight">With an agent of your rooms</h2>
            <p className="mt-1 text-[13px] text-ink-soft">
              It is copied: what you talk about here stays out of the room.
            </p>
            {choices(ordered.slice(0, SHOWN_AT_ONCE))}
            {ordered.length > SHOWN_AT_ONCE && (
              <details className="mt-2">
                <summary className="w-fit rounded-md py-1.5 text-[13px] text-ink-soft hover:text-ink pointer-coarse:min-h-11">
                  {ordered.length - SHOWN_AT_ONCE} more
                </summary>
                {choices(ordered.slice(SHOWN_AT_ONCE))}
              </details>
            )}
          </section>
        )}
        <h2 className="mb-3 text-sm font-semibold tracking-tight">With a new agent</h2>
        <Card className="p-5">
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              start('new', { agent: draft });
            }}
          >
            <AgentFields draft={draft} onChange={setDraft} models={models} errors={problem?.fields ?? {}} alone />
            {problem && Object.keys(problem.fields).length === 0 && (
              <Alert tone="danger" className="mt-5">
                {problem.message}
              </Alert>
            )}
            <div className="mt-6 flex gap-2">
              <Button type="submit" variant="primary" pending={pending === 'new'}>
                Start chat
              </Button>
              <Button asChild variant="ghost">
                <Link to="/">Cancel</Link>
              </Button>
            </div>
          </form>
        </Card>
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
