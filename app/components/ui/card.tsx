import type { ComponentPropsWithoutRef } from 'react';
import { cn } from '#app/components/ui/cn.ts';

export function Card({ className, ...rest }: ComponentPropsWithoutRef<'div'>) {
  return <div className={cn('rounded-2xl border border-line bg-raised shadow-xs', className)} {...rest} />;
}
