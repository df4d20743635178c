import { BookOpenText } from 'lucide-react';
import type { Agent, CreateAgent, MemoryPolicy } from '#server/agents/contract.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import { ServerToolFields } from '#app/components/server-tool-fields.tsx';
import { formatTokens } from '#app/components/format.ts';
import { ROOM_TEMPLATES } from '#app/components/room-templates.ts';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select, Textarea } from '#app/components/ui/input.tsx';
import { Menu, MenuItem } from '#app/components/ui/menu.tsx';
import { Switch } from '#app/components/ui/switch.tsx';

export type AgentDraft = Omit<CreateAgent, 'active'>;

export function draftOf(agent: Agent | null, models: readonly ModelChoice[]): AgentDraft {
  if (agent) {
    const { name, modelAlias, rolePrompt, toolPermissions, memoryPolicy, fallbackAlias } = agent;
    return { name, modelAlias, rolePrompt, toolPermissions, memoryPolicy, fallbackAlias };
  }
  return {
    name: '',
    modelAlias: models.find(({ allowed }) => allowed)?.alias ?? 'llama',
    rolePrompt: '',
    toolPermissions: { search: false, files: false },
    memoryPolicy: 'summary',
    fallbackAlias: null,
  };
}

const MEMORY: Record<MemoryPolicy, string> = {
  summary: 'Recent messages and a summary',
  full: 'Everything that fits its model',
  selective: 'Only what concerns it',
  none: 'Nothing: each message stands alone',
};

type AgentFieldsProps = {
  draft: AgentDraft;
  onChange: (draft: AgentDraft) => void;
  models: readonly ModelChoice[];
  /** By path, as the API names them. */
  errors: Record<string, string>;
  /** In a direct chat, where nobody is tagged. */
  alone?: boolean;
};

/** What an agent is, in a room or in a direct chat. */
export function AgentFields({ draft, onChange, models, errors, alone = false }: AgentFieldsProps) {
  const set = (change: Partial<AgentDraft>) => onChange({ ...draft, ...change });
  const error = (path: string) => errors[path] ?? errors[`agent.${path}`];
  return (
    <div className="space-y-5">
      <Field label="Name" error={error('name')} hint={alone ? undefined : 'You tag it by this name.'}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={60}
            placeholder="Analyst"
            autoComplete="off"
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Role"
        error={error('rolePrompt')}
        aside={
          draft.rolePrompt !== '' && `about ${formatTokens(Math.ceil(draft.rolePrompt.length / 4))} tokens in each call`
        }
        hint="Who it is, what it cares about, how it should answer."
      >
        {(control) => (
          <Textarea
            {...control}
            rows={6}
            value={draft.rolePrompt}
            maxLength={20_000}
            placeholder="You are a careful analyst. Look for what the numbers say and what they don’t…"
            onChange={(event) => set({ rolePrompt: event.target.value })}
          />
        )}
      </Field>
      <RoleTemplates onChoose={(template) => set(draft.name === '' ? template : { rolePrompt: template.rolePrompt })} />
      <div className="grid gap-5 sm:grid-cols-2">
        <ModelField
          label="Model"
          value={draft.modelAlias}
          models={models}
          error={error('modelAlias')}
          onChange={(alias) => alias && set({ modelAlias: alias })}
        />
        <ModelField
          label="If it fails, use"
          none="No other model"
          value={draft.fallbackAlias}
          models={models}
          error={error('fallbackAlias')}
          onChange={(fallbackAlias) => set({ fallbackAlias })}
        />
      </div>
      <Field label="Memory" error={error('memoryPolicy')} hint="What it knows of the conversation so far.">
        {(control) => (
          <Select
            {...control}
            value={draft.memoryPolicy}
            onChange={(event) => set({ memoryPolicy: event.target.value as MemoryPolicy })}
          >
            {Object.entries(MEMORY).map(([policy, text]) => (
              <option key={policy} value={policy}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <fieldset className="space-y-1">
        <legend className="mb-1.5 text-sm font-medium">Tools</legend>
        <ToolSwitch
          label="Search the web"
          checked={draft.toolPermissions.search}
          onChange={(search) => set({ toolPermissions: { ...draft.toolPermissions, search } })}
        />
        <ToolSwitch
          label="Read files"
          checked={draft.toolPermissions.files}
          onChange={(files) => set({ toolPermissions: { ...draft.toolPermissions, files } })}
        />
        <ServerToolFields
          value={draft.toolPermissions.servers ?? []}
          error={error('toolPermissions.servers')}
          onChange={(servers) => set({ toolPermissions: { ...draft.toolPermissions, servers } })}
        />
      </fieldset>
    </div>
  );
}

const ROLES = ROOM_TEMPLATES.flatMap(({ name: room, agents }) =>
  agents.map(({ name, rolePrompt }) => ({ name, rolePrompt, room })),
);

/** Roles that work, to begin with; the name is taken along where there is none yet. */
function RoleTemplates({ onChoose }: { onChoose: (role: { name: string; rolePrompt: string }) => void }) {
  return (
    <Menu
      align="start"
      className="max-h-80 overflow-y-auto"
      trigger={
        <Button size="sm" className="-mt-3">
          <BookOpenText aria-hidden className="size-4 text-ink-faint" />
          Start from a role
        </Button>
      }
    >
      {ROLES.map(({ name, rolePrompt, room }) => (
        <MenuItem key={name} onSelect={() => onChoose({ name, rolePrompt })}>
          <span className="flex-1">{name}</span>
          <span className="pl-4 text-xs text-ink-faint">{room}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

type ModelFieldProps<T> = {
  label: string;
  value: T;
  none?: string;
  models: readonly ModelChoice[];
  error: string | undefined;
  onChange: (alias: ModelChoice['alias'] | null) => void;
};

function ModelField({ label, value, none, models, error, onChange }: ModelFieldProps<ModelChoice['alias'] | null>) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <Select
          {...control}
          value={value ?? ''}
          onChange={(event) => onChange(models.find(({ alias }) => alias === event.target.value)?.alias ?? null)}
        >
          {none && <option value="">{none}</option>}
          {models.map((model) => (
            <option key={model.alias} value={model.alias} disabled={!model.allowed && model.alias !== value}>
              {model.displayName}
              {` · ×${model.multiplier}`}
              {!model.allowed && (model.minimalPlan ? ` · needs ${model.minimalPlan.name}` : ' · not available')}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function ToolSwitch({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <label className="flex min-h-10 cursor-pointer items-center justify-between gap-3 text-sm text-ink-soft">
      {label}
      <Switch checked={checked} onCheckedChange={onChange} />
    </label>
  );
}
