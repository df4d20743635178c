import { Switch as Radix } from 'radix-ui';
import type { ComponentPropsWithoutRef } from 'react';
import { cn } from '#app/components/ui/cn.ts';

export function Switch({ className, ...rest }: ComponentPropsWithoutRef<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'relative inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong transition-colors data-[state=checked]:bg-accent',
        // A 44-pixel target around a small control.
        'after:absolute after:-inset-3 disabled:opacity-50',
        className,
      )}
      {...rest}
    >
      <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-raised shadow-xs transition-transform data-[state=checked]:translate-x-[1.125rem]" />
    </Radix.Root>
  );
}
