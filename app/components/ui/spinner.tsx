import { cn } from '#app/components/ui/cn.ts';

/** Says `label` to a screen reader; without one it is decoration beside a text that says it. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <span role={label ? 'status' : undefined} className={cn('inline-flex size-4 shrink-0', className)}>
      <svg viewBox="0 0 16 16" fill="none" aria-hidden className="size-full animate-spin motion-reduce:animate-pulse">
        <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.22" strokeWidth="2" />
        <path d="M14.25 8A6.25 6.25 0 0 0 8 1.75" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      </svg>
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}
