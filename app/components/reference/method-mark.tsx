import { cn } from '#app/components/ui/cn.ts';

const LOOKS: Record<string, string> = {
  GET: 'bg-accent-soft text-accent-strong',
  POST: 'bg-ok-soft text-ok',
  DELETE: 'bg-danger-soft text-danger',
};

/** What a request does, by its method: reading, adding, changing and deleting differ in colour too. */
export function MethodMark({ method }: { method: string }) {
  return (
    <span
      className={cn(
        'inline-block w-14 shrink-0 rounded-md py-0.5 text-center font-mono text-[11px] font-semibold',
        LOOKS[method] ?? 'bg-warn-soft text-warn',
      )}
    >
      {method}
    </span>
  );
}
