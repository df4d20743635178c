import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { MODEL_ALIASES, type ModelAlias } from '#server/agents/contract.ts';
import type { Feature, Settings } from '#server/admin/contract.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { getSettings } from '#server/admin/settings/get-settings.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { findPlans } from '#server/models/find-plans.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { useModelName } from '#app/components/admin/model-name.tsx';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Section } from '#app/components/admin/section.tsx';
import { callApi } from '#app/components/api.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Card } from '#app/components/ui/card.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Select } from '#app/components/ui/input.tsx';
import { Switch } from '#app/components/ui/switch.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Models and settings · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const [settings, plans] = await Promise.all([getSettings(context.app), findPlans(context.app)]);
  return { settings, plans, canChange: mayChange(principal) };
}

const FEATURES: Record<Feature, { name: string; off: string }> = {
  webSearch: { name: 'Web search', off: 'Agents of turns that are accepted from then on have no web search.' },
  fileUploads: { name: 'File uploads', off: 'New uploads are refused; files that are there stay.' },
  directChats: { name: 'New direct chats', off: 'None can be opened; open ones go on.' },
};

export default function SettingsPage() {
  const { settings, plans, canChange } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Models and settings" />
      <PageBody className="max-w-4xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        <Section
          title="Models of each plan"
          note="Acts on the next message. Accounts without a plan have the first plan’s."
        >
          <Card className="divide-y divide-line">
            {plans.map((plan) => (
              <PlanModels key={`${plan.id} ${plan.modelAliases.join()}`} plan={plan} canChange={canChange} />
            ))}
          </Card>
        </Section>
        <Section title="Manager’s model" note="Plans the orchestrator’s turns, whatever the plan of who asks.">
          <ManagerModel key={settings.managerModelAlias} settings={settings} canChange={canChange} />
        </Section>
        <Section title="Sign-up">
          <SignupMode key={settings.signupMode} settings={settings} canChange={canChange} />
        </Section>
        <Section title="Features" note="On for everybody, or off for everybody; acts at once.">
          <Card className="divide-y divide-line">
            {Object.entries(FEATURES).map(([feature, { name, off }]) => (
              <FeatureSwitch
                key={feature}
                feature={feature as Feature}
                name={name}
                off={off}
                on={settings.features[feature as Feature]}
                canChange={canChange}
              />
            ))}
          </Card>
        </Section>
        <Section title="Maintenance" note="For everybody but owners and analysts; acts within two seconds.">
          <Maintenance settings={settings} canChange={canChange} />
        </Section>
      </PageBody>
    </>
  );
}

type PlanModelsProps = { plan: { id: string; name: string; modelAliases: ModelAlias[] }; canChange: boolean };

function PlanModels({ plan, canChange }: PlanModelsProps) {
  const nameOf = useModelName();
  const [aliases, setAliases] = useState<ModelAlias[]>(plan.modelAliases);
  const gone = plan.modelAliases.filter((alias) => !aliases.includes(alias));
  const come = aliases.filter((alias) => !plan.modelAliases.includes(alias));
  return (
    <fieldset className="flex flex-wrap items-center gap-x-6 gap-y-3 p-4" disabled={!canChange}>
      <legend className="sr-only">Models of {plan.name}</legend>
      <span aria-hidden className="w-20 text-sm font-medium max-sm:w-full">
        {plan.name}
      </span>
      <div className="grid flex-1 grid-cols-2 gap-x-5 gap-y-1.5 max-sm:basis-full sm:grid-cols-3">
        {MODEL_ALIASES.map((alias) => (
          <label key={alias} className="inline-flex items-center gap-2 text-sm pointer-coarse:min-h-11">
            <input
              type="checkbox"
              className="size-4 accent-[var(--accent)]"
              checked={aliases.includes(alias)}
              onChange={(event) =>
                setAliases(event.target.checked ? [...aliases, alias] : aliases.filter((each) => each !== alias))
              }
            />
            {nameOf(alias)}
          </label>
        ))}
      </div>
      <ChangeButton
        verb="Save"
        size="sm"
        label={`Save the models of ${plan.name}`}
        title={`Change the models of ${plan.name}?`}
        effect={[
          come.length > 0 ? `It gets ${come.map(nameOf).join(', ')}.` : '',
          gone.length > 0
            ? `It loses ${gone.map(nameOf).join(', ')}: messages to agents on them are refused until they are changed.`
            : '',
        ].join(' ')}
        check={() => (aliases.length === 0 ? 'A plan needs at least one model.' : null)}
        method="PUT"
        path={`/admin/model-policies/${plan.id}`}
        body={{ aliases }}
        disabled={!canChange || (gone.length === 0 && come.length === 0)}
      />
    </fieldset>
  );
}

type SettingProps = { settings: Settings; canChange: boolean };

function ManagerModel({ settings, canChange }: SettingProps) {
  const nameOf = useModelName();
  const [alias, setAlias] = useState(settings.managerModelAlias);
  return (
    <Card className="flex flex-wrap items-end gap-3 p-4">
      <Field label="Model" className="w-48">
        {(control) => (
          <Select
            {...control}
            value={alias}
            disabled={!canChange}
            onChange={(event) => setAlias(event.target.value as ModelAlias)}
          >
            {MODEL_ALIASES.map((each) => (
              <option key={each} value={each}>
                {nameOf(each)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ChangeButton
        verb="Change model"
        title={`Let ${nameOf(alias)} plan orchestrated turns?`}
        effect={`From the next message on, the manager runs on ${nameOf(alias)} in every room; its calls are charged at that model’s prices.`}
        method="PUT"
        path="/admin/settings"
        body={{ managerModelAlias: alias }}
        disabled={!canChange || alias === settings.managerModelAlias}
      />
    </Card>
  );
}

function SignupMode({ settings, canChange }: SettingProps) {
  const [mode, setMode] = useState(settings.signupMode);
  return (
    <Card className="flex flex-wrap items-end gap-3 p-4">
      <Field label="Who can make an account" className="w-56">
        {(control) => (
          <Select
            {...control}
            value={mode}
            disabled={!canChange}
            onChange={(event) => setMode(event.target.value as Settings['signupMode'])}
          >
            <option value="open">Anybody</option>
            <option value="invite">Who is invited</option>
          </Select>
        )}
      </Field>
      <ChangeButton
        verb="Change sign-up"
        title={mode === 'open' ? 'Let anybody sign up?' : 'Let only the invited sign up?'}
        effect={
          mode === 'open'
            ? 'Any e-mail address can make an account and gets the sign-up credits.'
            : 'New accounts need an invitation. Who has an account keeps it.'
        }
        method="PUT"
        path="/admin/settings"
        body={{ signupMode: mode }}
        disabled={!canChange || mode === settings.signupMode}
      />
    </Card>
  );
}

function Maintenance({ settings: { maintenance }, canChange }: SettingProps) {
  return (
    <Card className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2 text-sm font-medium">
          {maintenance ? 'Down for maintenance' : 'Open'}
          {maintenance && <Badge tone="danger">on</Badge>}
        </p>
        <p className="text-[13px] text-ink-soft">
          {maintenance ? 'People see a page that says so, programs a 503; turns that run go on.' : 'Everybody gets in.'}
        </p>
      </div>
      <ChangeButton
        variant={maintenance ? 'neutral' : 'danger'}
        verb={maintenance ? 'End maintenance' : 'Begin maintenance'}
        title={maintenance ? 'Let everybody in again?' : 'Shut everybody out for now?'}
        effect={
          maintenance
            ? 'Pages and the API answer everybody again.'
            : 'Everybody but admins gets a page that says so, and programs a 503, until you end it. Turns that run go on; nothing is lost.'
        }
        method="PUT"
        path="/admin/settings"
        body={{ maintenance: !maintenance }}
        disabled={!canChange}
      />
    </Card>
  );
}

type FeatureSwitchProps = { feature: Feature; name: string; off: string; on: boolean; canChange: boolean };

/** Shown as it will be until the page is loaded anew with it; it springs back if the server refuses. */
function FeatureSwitch({ feature, name, off, on, canChange }: FeatureSwitchProps) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const change = async (next: boolean) => {
    setWanted(next);
    const went = await run(feature, async () => {
      await callApi('PUT', '/admin/settings', { body: { features: { [feature]: next } } });
      reload();
    });
    if (!went) setWanted(null);
  };
  if (pending === null && wanted === on) setWanted(null);
  const shown = wanted ?? on;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 p-4">
      <div className="min-w-0 flex-1">
        <p id={`feature-${feature}`} className="text-sm font-medium">
          {name}
        </p>
        <p className="text-[13px] text-ink-soft">Off: {off.charAt(0).toLowerCase() + off.slice(1)}</p>
      </div>
      <Switch
        aria-labelledby={`feature-${feature}`}
        checked={shown}
        disabled={!canChange || pending !== null}
        onCheckedChange={(next) => void change(next)}
      />
      {problem && (
        <Alert tone="danger" className="w-full">
          {problem.message}
        </Alert>
      )}
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
