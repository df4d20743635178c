import { Waypoints } from 'lucide-react';
import type { AgentLook } from '#app/components/agent-look.ts';
import { cn } from '#app/components/ui/cn.ts';

const HUES = [
  'bg-(--agent-0)',
  'bg-(--agent-1)',
  'bg-(--agent-2)',
  'bg-(--agent-3)',
  'bg-(--agent-4)',
  'bg-(--agent-5)',
  'bg-(--agent-6)',
  'bg-(--agent-7)',
];

const SIZES = {
  xs: 'size-5 rounded-[5px] text-[9px]',
  sm: 'size-6 rounded-md text-[10px]',
  md: 'size-8 rounded-[9px] text-xs',
  lg: 'size-10 rounded-xl text-sm',
} as const;

type AgentMarkProps = {
  look: AgentLook | null | undefined;
  size?: keyof typeof SIZES;
  muted?: boolean;
  className?: string;
};

/** An agent’s colour and monogram; without a look, the manager’s mark. Its name is always beside it. */
export function AgentMark({ look, size = 'md', muted = false, className }: AgentMarkProps) {
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 items-center justify-center font-semibold text-on-agent select-none',
        SIZES[size],
        look ? HUES[look.hue] : 'bg-ink text-canvas',
        muted && 'opacity-40 grayscale',
        className,
      )}
    >
      {look ? look.monogram : <Waypoints className="size-[55%]" />}
    </span>
  );
}
