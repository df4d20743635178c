import { Link } from '@remix-run/react';
import {
  ArrowDown,
  ArrowUp,
  Copy,
  Ellipsis,
  FileText,
  Globe,
  Megaphone,
  MessageCircle,
  Pencil,
  Trash2,
  Volume2,
  VolumeX,
} from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { useDrag } from '#app/components/use-drag.ts';
import type { Edge } from '#app/components/use-order.ts';

type AgentRowProps = {
  agent: Agent;
  place: number;
  count: number;
  look: AgentLook | undefined;
  model: ModelChoice | undefined;
  canWrite: boolean;
  onEdit: () => void;
  onRemove: () => void;
  onMove: (by: -1 | 1) => void;
  onDrop: (id: string, beside: string, edge: Edge) => void;
  onDuplicate: () => void;
  onActive: (active: boolean) => void;
  onSpeakUp: () => void;
};

/** Dragging moves the agent, Alt+Arrow from anywhere in its row too, and the menu says the same in words. */
export function AgentRow({
  agent,
  place,
  count,
  look,
  model,
  canWrite,
  onEdit,
  onRemove,
  onMove,
  onDrop,
  onDuplicate,
  onActive,
  onSpeakUp,
}: AgentRowProps) {
  function onKeyDown(event: KeyboardEvent) {
    if (!canWrite || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  }
  const { search, files } = agent.toolPermissions;
  const { ref, dragging, edge } = useDrag<HTMLLIElement>({
    list: 'agents',
    id: agent.id,
    disabled: !canWrite || count < 2,
    onDrop,
  });
  return (
    <li
      ref={ref}
      onKeyDown={onKeyDown}
      className={cn(
        'group/agent relative flex items-start gap-3 rounded-xl px-2.5 py-2.5 hover:bg-hover',
        dragging && 'opacity-45',
        edge && 'before:absolute before:inset-x-2 before:z-10 before:h-0.5 before:rounded-full before:bg-accent',
        edge === 'before' && 'before:-top-0.5',
        edge === 'after' && 'before:-bottom-0.5',
      )}
    >
      <AgentMark look={look} muted={!agent.active} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className={cn('truncate text-sm font-medium', !agent.active && 'text-ink-faint')}>{agent.name}</span>
          {!agent.active && (
            <Badge>
              <VolumeX aria-hidden className="size-3" />
              Muted
            </Badge>
          )}
        </p>
        <p className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-faint">
          <span className="truncate">{model?.displayName ?? agent.modelAlias}</span>
          {model && <span className="shrink-0">×{model.multiplier}</span>}
          {model && !model.allowed && (
            <Badge tone="warn">{model.minimalPlan ? `needs ${model.minimalPlan.name}` : 'not available'}</Badge>
          )}
          {search && <Globe role="img" aria-label="may search the web" className="size-3 shrink-0" />}
          {files && <FileText role="img" aria-label="may read files" className="size-3 shrink-0" />}
        </p>
        <p className="mt-1 line-clamp-2 text-[13px] leading-snug text-ink-soft">{agent.rolePrompt}</p>
      </div>
      {canWrite && (
        <Menu
          trigger={
            <Button variant="ghost" size="icon" aria-label={`${agent.name}: more`} className="-mr-1">
              <Ellipsis aria-hidden className="size-4" />
            </Button>
          }
        >
          {agent.active && (
            <MenuItem onSelect={onSpeakUp}>
              <Megaphone aria-hidden />
              Speak up now
            </MenuItem>
          )}
          <MenuItem onSelect={onEdit}>
            <Pencil aria-hidden />
            Edit
          </MenuItem>
          <MenuItem onSelect={onDuplicate}>
            <Copy aria-hidden />
            Duplicate
          </MenuItem>
          <MenuItem onSelect={() => onActive(!agent.active)}>
            {agent.active ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
            {agent.active ? 'Mute' : 'Unmute'}
          </MenuItem>
          <MenuItem asChild>
            <Link to={`/direct/new?agent=${agent.id}`}>
              <MessageCircle aria-hidden />
              Chat directly
            </Link>
          </MenuItem>
          <MenuSeparator />
          <MenuItem disabled={place === 0} onSelect={() => onMove(-1)}>
            <ArrowUp aria-hidden />
            Move up
            <Keys keys="Alt ↑" />
          </MenuItem>
          <MenuItem disabled={place === count - 1} onSelect={() => onMove(1)}>
            <ArrowDown aria-hidden />
            Move down
            <Keys keys="Alt ↓" />
          </MenuItem>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={onRemove}>
            <Trash2 aria-hidden />
            Remove
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}

function Keys({ keys }: { keys: string }) {
  return <span className="ml-auto pl-4 text-xs text-ink-faint pointer-coarse:hidden">{keys}</span>;
}
