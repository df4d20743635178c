import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import { nameKey } from '#server/agents/name-key.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentRow } from '#app/components/agent-row.tsx';
import { callApi } from '#app/components/api.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useOrder } from '#app/components/use-order.ts';

const AgentDialog = onDemand(async () => (await import('#app/components/agent-dialog.tsx')).AgentDialog);

type AgentsPanelProps = {
  roomId: string;
  agents: readonly Agent[];
  models: readonly ModelChoice[];
  looks: ReadonlyMap<string, AgentLook>;
  canWrite: boolean;
  /** How many turns of the room are kept as tests. */
  tests: number;
  onChanged: () => void;
};

/** The room’s roster: add, edit, mute, order, remove. Each change counts from the next send on (AT-002). */
export function AgentsPanel({ roomId, agents, models, looks, canWrite, tests, onChanged }: AgentsPanelProps) {
  const [editing, setEditing] = useState<Agent | 'new' | null>(null);
  const [removing, setRemoving] = useState<Agent | null>(null);
  const { problem, run } = useAction();
  const order = useOrder(agents, async (agentIds) => {
    const saved = await run('order', async () => {
      await callApi('PUT', `/rooms/${roomId}/agents/order`, { body: { agentIds } });
    });
    onChanged();
    return saved;
  });

  async function change(agent: Agent, work: () => Promise<void>): Promise<void> {
    await run(agent.id, work);
    onChanged();
  }

  return (
    <div className="space-y-3">
      <p role="status" className="sr-only">
        {order.announcement}
      </p>
      {agents.length === 0 && <NoAgents />}
      <ol className="space-y-1">
        {order.ordered.map((agent, place) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            place={place}
            count={agents.length}
            look={looks.get(agent.id)}
            model={models.find(({ alias }) => alias === agent.modelAlias)}
            canWrite={canWrite}
            onEdit={() => setEditing(agent)}
            onRemove={() => setRemoving(agent)}
            onMove={(by) => order.move(agent.id, by)}
            onDrop={order.drop}
            onDuplicate={() =>
              void change(agent, async () => {
                const { id: _id, position: _position, ...copy } = agent;
                const body = { ...copy, name: copyName(agent.name, agents) };
                await callApi('POST', `/rooms/${roomId}/agents`, { body });
              })
            }
            onSpeakUp={() =>
              void change(agent, async () => {
                await callApi('POST', `/rooms/${roomId}/agents/${agent.id}/speak-up`);
              })
            }
            onActive={(active) =>
              void change(agent, async () => {
                await callApi('PATCH', `/rooms/${roomId}/agents/${agent.id}`, { body: { active } });
              })
            }
          />
        ))}
      </ol>
      {problem && <Alert tone="danger">{problem.message}</Alert>}
      {canWrite && (
        <Button className="w-full" onClick={() => setEditing('new')}>
          <Plus aria-hidden className="size-4" />
          Add an agent
        </Button>
      )}
      {editing && (
        <AgentDialog
          roomId={roomId}
          agent={editing === 'new' ? null : editing}
          models={models}
          tests={tests}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            onChanged();
          }}
        />
      )}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => open || setRemoving(null)}
        title={`Remove ${removing?.name ?? 'this agent'}?`}
        verb="Remove agent"
        onConfirm={() => {
          if (!removing) return;
          void change(removing, async () => {
            await callApi('DELETE', `/rooms/${roomId}/agents/${removing.id}`);
          });
        }}
      >
        It no longer answers from your next message on. What it said stays in the conversation.
      </Confirm>
    </div>
  );
}

/** “Ada 2”, or the first number that is free. */
function copyName(name: string, agents: readonly Agent[]): string {
  const taken = new Set(agents.map((agent) => nameKey(agent.name)));
  const stem = name.replace(/ \d+$/u, '').slice(0, 56);
  for (let number = 2; ; number += 1) {
    if (!taken.has(nameKey(`${stem} ${number}`))) return `${stem} ${number}`;
  }
}

function NoAgents() {
  return (
    <div className="rounded-2xl border border-dashed border-line-strong px-4 py-8 text-center">
      <Bot aria-hidden className="mx-auto size-6 text-ink-faint" />
      <p className="mt-2 text-sm font-medium">Nobody is here yet</p>
      <p className="mt-1 text-[13px] text-ink-soft">Add two or three agents with different jobs and let them answer.</p>
    </div>
  );
}
