import { ChevronDown } from 'lucide-react';
import { forwardRef, type ComponentPropsWithoutRef } from 'react';
import { cn } from '#app/components/ui/cn.ts';

/** 16 pixels on touch screens: below that, iOS zooms the page in on focus. */
const BOX =
  'block w-full rounded-lg border border-line-strong bg-raised px-3 text-sm text-ink shadow-xs transition-colors pointer-coarse:text-base ' +
  'placeholder:text-ink-faint hover:border-ink-faint disabled:cursor-not-allowed disabled:opacity-55 ' +
  'aria-invalid:border-danger aria-invalid:hover:border-danger';

export const Input = forwardRef<HTMLInputElement, ComponentPropsWithoutRef<'input'>>(function Input(
  { className, ...rest },
  ref,
) {
  return <input ref={ref} className={cn(BOX, 'h-10 pointer-coarse:h-11', className)} {...rest} />;
});

export const Textarea = forwardRef<HTMLTextAreaElement, ComponentPropsWithoutRef<'textarea'>>(function Textarea(
  { className, ...rest },
  ref,
) {
  return <textarea ref={ref} className={cn(BOX, 'min-h-24 py-2 leading-relaxed', className)} {...rest} />;
});

/** The browser’s own select: right on every phone and with every screen reader. */
export const Select = forwardRef<HTMLSelectElement, ComponentPropsWithoutRef<'select'>>(function Select(
  { className, children, ...rest },
  ref,
) {
  return (
    <span className="relative block">
      <select ref={ref} className={cn(BOX, 'h-10 appearance-none pr-9 pointer-coarse:h-11', className)} {...rest}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-faint"
      />
    </span>
  );
});
