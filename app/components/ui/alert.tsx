import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#app/components/ui/cn.ts';

const TONES = {
  info: ['bg-accent-soft text-accent-strong border-accent/20', Info],
  ok: ['bg-ok-soft text-ok border-ok/20', CircleCheck],
  warn: ['bg-warn-soft text-warn border-warn/25', TriangleAlert],
  danger: ['bg-danger-soft text-danger border-danger/20', CircleAlert],
} as const;

type AlertProps = {
  tone?: keyof typeof TONES;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
};

/** A calm box. `danger` and `warn` are read out when they appear. */
export function Alert({ tone = 'info', title, children, action, className }: AlertProps) {
  const [look, Icon] = TONES[tone];
  return (
    <div
      role={tone === 'danger' || tone === 'warn' ? 'alert' : 'status'}
      className={cn('flex items-start gap-2.5 rounded-xl border px-3.5 py-2.5 text-sm', look, className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-ink-soft">{children}</div>}
      </div>
      {action}
    </div>
  );
}
