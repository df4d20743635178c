import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Plug, Plus } from 'lucide-react';
import { useState } from 'react';
import { requirePageUser } from '#server/auth/require-user.ts';
import type { ToolServer } from '#server/tool-servers/contract.ts';
import { findToolServers } from '#server/tool-servers/find-tool-servers.ts';
import { callApi } from '#app/components/api.ts';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { ToolServerDialog } from '#app/components/settings/tool-server-dialog.tsx';
import { ToolServerItem } from '#app/components/settings/tool-server-item.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const meta: MetaFunction = () => [{ title: 'Tools · Settings · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  return { servers: await findToolServers(context.app, user.id), suspended: user.suspended, now: Date.now() };
}

export default function ToolSettings() {
  const { servers, suspended, now } = useLoaderData<typeof loader>();
  const reload = useReload();
  const [editing, setEditing] = useState<ToolServer | 'new' | null>(null);
  const [removing, setRemoving] = useState<ToolServer | null>(null);
  const { pending, problem, run } = useAction();

  function change(server: ToolServer, work: () => Promise<unknown>) {
    void run(server.id, async () => {
      await work();
      reload();
    });
  }

  function ask(server: ToolServer, tool: string, asks: boolean) {
    const others = server.tools.filter(({ name, asks }) => !asks && name !== tool).map(({ name }) => name);
    const unasked = asks ? others : [...others, tool];
    change(server, () => callApi('PATCH', `/tool-servers/${server.id}`, { body: { unasked } }));
  }

  return (
    <>
      <SettingsSection
        title="Tool servers"
        description="Servers of the Model Context Protocol, for your agents to use."
        action={
          <Button size="sm" variant="primary" disabled={suspended} onClick={() => setEditing('new')}>
            <Plus aria-hidden className="size-4" />
            Add a server
          </Button>
        }
      >
        {servers.length === 0 ? (
          <div className="flex flex-col items-center gap-2 py-6 text-center">
            <Plug aria-hidden className="size-6 text-ink-faint" />
            <p className="text-sm font-medium">No servers yet</p>
            <p className="max-w-sm text-sm text-ink-soft">
              Add one to let agents look into a calendar, file an issue, or whatever else somebody has made a server
              for.
            </p>
          </div>
        ) : (
          <ul className="divide-y divide-line">
            {servers.map((server) => (
              <ToolServerItem
                key={server.id}
                server={server}
                now={now}
                pending={pending === server.id}
                disabled={suspended}
                onEdit={() => setEditing(server)}
                onRefresh={() => change(server, () => callApi('POST', `/tool-servers/${server.id}/refresh`))}
                onRemove={() => setRemoving(server)}
                onAsk={(tool, asks) => ask(server, tool, asks)}
              />
            ))}
          </ul>
        )}
        {problem && (
          <Alert tone="danger" className="mt-4">
            {problem.message}
          </Alert>
        )}
      </SettingsSection>
      <p className="mt-4 text-sm text-ink-soft">
        Which agent may use which tool is chosen with the agent. A tool that asks shows you in the conversation what
        would be sent, and waits. Once an agent has read a file in a turn, every tool asks. A tool that its server has
        changed asks again.
      </p>
      {editing && (
        <ToolServerDialog
          server={editing === 'new' ? null : editing}
          onSaved={() => {
            setEditing(null);
            reload();
          }}
          onClose={() => setEditing(null)}
        />
      )}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => open || setRemoving(null)}
        title={`Remove “${removing?.name ?? ''}”?`}
        verb="Remove server"
        onConfirm={() => removing && change(removing, () => callApi('DELETE', `/tool-servers/${removing.id}`))}
      >
        Its token is deleted, and your agents can’t use its tools from then on.
      </Confirm>
    </>
  );
}
