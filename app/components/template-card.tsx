import { Link } from '@remix-run/react';
import { assignLooks } from '#app/components/agent-look.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import type { RoomTemplate } from '#app/components/room-templates.ts';

export function TemplateCard({ template }: { template: RoomTemplate }) {
  const { label, icon: Icon } = MODE_INFO[template.mode];
  return (
    <li>
      <Link
        to={`/rooms/new?template=${template.id}`}
        className="flex h-full flex-col gap-2 rounded-2xl border border-line bg-canvas/50 p-4 transition-colors hover:border-line-strong hover:bg-raised"
      >
        <span className="flex items-center justify-between gap-3">
          <span className="text-[15px] font-semibold tracking-tight">{template.name}</span>
          <span className="inline-flex items-center gap-1 text-xs text-ink-faint">
            <Icon aria-hidden className="size-3.5" />
            {label}
          </span>
        </span>
        <span className="text-[13px] leading-snug text-ink-soft">{template.description}</span>
        <TemplateAgents template={template} />
      </Link>
    </li>
  );
}

export function TemplateAgents({ template }: { template: RoomTemplate }) {
  const looks = assignLooks(template.agents.map(({ name }, place) => ({ id: `${template.id}-${place}`, name })));
  return (
    <span className="mt-auto flex flex-wrap items-center gap-x-3 gap-y-1 pt-1 text-xs text-ink-soft">
      {template.agents.map(({ name }, place) => (
        <span key={name} className="inline-flex items-center gap-1.5">
          <AgentMark look={looks.get(`${template.id}-${place}`)} size="xs" />
          {name}
        </span>
      ))}
    </span>
  );
}
