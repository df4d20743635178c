import { Link } from '@remix-run/react';
import { useEffect, useState } from 'react';
import type { ToolPermissions } from '#server/agents/contract.ts';
import type { ToolServer } from '#server/tool-servers/contract.ts';
import { callApi } from '#app/components/api.ts';
import { Switch } from '#app/components/ui/switch.tsx';

type Servers = NonNullable<ToolPermissions['servers']>;
type ServerToolFieldsProps = { value: Servers; error: string | undefined; onChange: (value: Servers) => void };

/** Which tools of the person's servers an agent may use; nothing at all for whoever has no server. */
export function ServerToolFields({ value, error, onChange }: ServerToolFieldsProps) {
  const [servers, setServers] = useState<ToolServer[] | 'failed' | null>(null);
  useEffect(() => {
    let shown = true;
    callApi<{ items: ToolServer[] }>('GET', '/tool-servers').then(
      ({ items }) => shown && setServers(items),
      () => shown && setServers('failed'),
    );
    return () => {
      shown = false;
    };
  }, []);

  if (servers === 'failed')
    return <p className="text-[13px] text-ink-soft">Your tool servers can’t be read right now.</p>;
  if (servers === null || servers.length === 0) return null;

  function toggle(serverId: string, tool: string, on: boolean) {
    const tools = value.find((one) => one.serverId === serverId)?.tools ?? [];
    const chosen = on ? [...tools, tool] : tools.filter((other) => other !== tool);
    const known = value.filter(
      (one) => one.serverId !== serverId && Array.isArray(servers) && servers.some(({ id }) => id === one.serverId),
    );
    onChange(chosen.length === 0 ? known : [...known, { serverId, tools: chosen }]);
  }

  return (
    <div className="space-y-3 pt-2">
      {servers.map(({ id, name, tools }) => {
        const chosen = value.find(({ serverId }) => serverId === id)?.tools ?? [];
        return (
          <details key={id} className="rounded-xl border border-line px-3.5 py-2" open={chosen.length > 0}>
            <summary className="flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-md text-sm">
              <span className="min-w-0 truncate text-ink-soft">{name}</span>
              <span className="shrink-0 text-[13px] text-ink-faint">
                {chosen.length} of {tools.length}
              </span>
            </summary>
            <ul className="pb-1">
              {tools.map(({ name: tool, description, asks }) => (
                <li key={tool}>
                  <label className="flex min-h-10 cursor-pointer items-center justify-between gap-3 py-1 text-sm">
                    <span className="min-w-0">
                      <code className="block text-[13px] break-all">{tool}</code>
                      <span className="line-clamp-1 text-xs text-ink-faint">
                        {asks ? 'Asks you each time' : 'Never asks'}
                        {description !== '' && ` · ${description}`}
                      </span>
                    </span>
                    <Switch
                      aria-label={`${tool} of ${name}`}
                      checked={chosen.includes(tool)}
                      onCheckedChange={(on) => toggle(id, tool, on)}
                    />
                  </label>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
      {error && (
        <p role="alert" className="text-[13px] text-danger">
          {error}
        </p>
      )}
      <p className="text-xs text-ink-faint">
        Servers are added, and asking is switched off, in{' '}
        <Link to="/settings/tools" className="underline underline-offset-2">
          Settings → Tools
        </Link>
        .
      </p>
    </div>
  );
}
