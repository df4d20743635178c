import { ChevronRight, EllipsisVertical, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import type { ToolServer } from '#server/tool-servers/contract.ts';
import { formatAge } from '#app/components/format.ts';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#app/components/ui/menu.tsx';
import { Switch } from '#app/components/ui/switch.tsx';

type ToolServerItemProps = {
  server: ToolServer;
  now: number;
  pending: boolean;
  disabled: boolean;
  onEdit: () => void;
  onRefresh: () => void;
  onRemove: () => void;
  onAsk: (tool: string, asks: boolean) => void;
};

/** One server with its tools; each says whether the person is asked before it is called. */
export function ToolServerItem(props: ToolServerItemProps) {
  const { server, now, pending, disabled, onEdit, onRefresh, onRemove } = props;
  const { tools } = server;
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
            <span className="min-w-0 truncate">{server.name}</span>
            {server.hasSecret && <Badge>token</Badge>}
          </p>
          <p className="text-[13px] break-all text-ink-faint">{server.url}</p>
        </div>
        <Menu
          trigger={
            <Button
              size="icon"
              variant="ghost"
              pending={pending}
              disabled={disabled}
              aria-label={`More for ${server.name}`}
            >
              <EllipsisVertical aria-hidden className="size-4" />
            </Button>
          }
        >
          <MenuItem onSelect={onEdit}>
            <Pencil aria-hidden />
            Edit
          </MenuItem>
          <MenuItem onSelect={onRefresh}>
            <RefreshCw aria-hidden />
            Look for tools again
          </MenuItem>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={onRemove}>
            <Trash2 aria-hidden />
            Remove
          </MenuItem>
        </Menu>
      </div>
      {tools.length === 0 ? (
        <p className="mt-2 text-sm text-ink-soft">It has no tools.</p>
      ) : (
        <details className="group/tools mt-2" open={tools.length <= 6}>
          <summary className="flex min-h-7 w-fit list-none items-center gap-1.5 rounded-md pr-1.5 text-[13px] text-ink-soft hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
            <ChevronRight
              aria-hidden
              className="size-3.5 text-ink-faint transition-transform group-open/tools:rotate-90"
            />
            {tools.length} {tools.length === 1 ? 'tool' : 'tools'}
            <span className="text-ink-faint">· listed {formatAge(server.listedAt, now)}</span>
          </summary>
          <ul className="mt-1 divide-y divide-line rounded-xl border border-line">
            {tools.map((tool) => (
              <ToolLine key={tool.name} {...props} tool={tool} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function ToolLine({
  tool,
  server,
  pending,
  disabled,
  onAsk,
}: ToolServerItemProps & { tool: ToolServer['tools'][number] }) {
  const { name, title, description, asks } = tool;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-2.5 sm:flex-nowrap">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-2 text-[13px]">
          <code className="font-medium break-all">{name}</code>
          {title !== '' && <bdi className="text-ink-faint">{title}</bdi>}
        </p>
        {description !== '' && <p className="line-clamp-2 text-[13px] text-ink-soft">{description}</p>}
        {(tool.saysReadOnly || tool.saysDestructive) && (
          <p className="text-xs text-ink-faint">
            {tool.saysDestructive
              ? 'The server says that it may destroy things.'
              : 'The server says that it only reads.'}
          </p>
        )}
      </div>
      <label className="flex min-h-9 cursor-pointer items-center gap-2.5 text-[13px] text-ink-soft">
        <span className="w-24 text-right max-sm:w-auto">{asks ? 'Asks each time' : 'Never asks'}</span>
        <Switch
          aria-label={`Ask before ${name} of ${server.name} is called`}
          checked={asks}
          disabled={disabled || pending}
          onCheckedChange={(on) => onAsk(name, on)}
        />
      </label>
    </li>
  );
}
