import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Monitor, Moon, Rows2, Rows4, Sun, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { appearanceOf, chooseAppearance, type Appearance } from '#app/components/appearance.ts';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';

export const meta: MetaFunction = () => [{ title: 'Appearance · Settings · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requirePageUser(context, request);
  return { appearance: appearanceOf(request.headers.get('Cookie')) };
}

export default function AppearanceSettings() {
  const loaded = useLoaderData<typeof loader>().appearance;
  const [appearance, setAppearance] = useState<Appearance>(loaded);
  const choose = (choice: Partial<Appearance>) => {
    chooseAppearance(choice);
    setAppearance({ ...appearance, ...choice });
  };
  return (
    <>
      <SettingsSection title="Theme" description="Kept on this device.">
        <div role="radiogroup" aria-label="Theme" className="grid gap-2 sm:grid-cols-3">
          <Choice
            name="theme"
            icon={Monitor}
            label="Like the system"
            checked={appearance.theme === 'system'}
            onChoose={() => choose({ theme: 'system' })}
          />
          <Choice
            name="theme"
            icon={Sun}
            label="Light"
            checked={appearance.theme === 'light'}
            onChoose={() => choose({ theme: 'light' })}
          />
          <Choice
            name="theme"
            icon={Moon}
            label="Dark"
            checked={appearance.theme === 'dark'}
            onChoose={() => choose({ theme: 'dark' })}
          />
        </div>
      </SettingsSection>
      <SettingsSection title="Density" description="On touch screens targets always stay large.">
        <div role="radiogroup" aria-label="Density" className="grid gap-2 sm:grid-cols-2">
          <Choice
            name="density"
            icon={Rows2}
            label="Comfortable"
            hint="Room to read"
            checked={appearance.density === 'comfortable'}
            onChoose={() => choose({ density: 'comfortable' })}
          />
          <Choice
            name="density"
            icon={Rows4}
            label="Compact"
            hint="More on the screen"
            checked={appearance.density === 'compact'}
            onChoose={() => choose({ density: 'compact' })}
          />
        </div>
      </SettingsSection>
    </>
  );
}

type ChoiceProps = {
  name: string;
  icon: LucideIcon;
  label: string;
  hint?: string;
  checked: boolean;
  onChoose: () => void;
};

function Choice({ name, icon: Icon, label, hint, checked, onChoose }: ChoiceProps) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl border border-line px-3.5 py-2.5 text-sm transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChoose}
        className="size-4 shrink-0 accent-(--accent) outline-none"
      />
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0">
        <span className="block font-medium">{label}</span>
        {hint && <span className="block text-[13px] text-ink-soft">{hint}</span>}
      </span>
    </label>
  );
}
