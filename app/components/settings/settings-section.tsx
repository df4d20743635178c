import type { ReactNode } from 'react';
import { Card } from '#app/components/ui/card.tsx';

type SettingsSectionProps = {
  title: string;
  description?: ReactNode;
  /** A button at the end of the heading’s line. */
  action?: ReactNode;
  children: ReactNode;
};

/** A headed block of a settings page. */
export function SettingsSection({ title, description, action, children }: SettingsSectionProps) {
  return (
    <section className="not-first:mt-10">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-[15px] font-semibold tracking-tight">{title}</h2>
          {description && <p className="mt-0.5 text-sm text-ink-soft">{description}</p>}
        </div>
        {action}
      </div>
      <Card className="mt-3 p-4 sm:p-5">{children}</Card>
    </section>
  );
}
