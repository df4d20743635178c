import { Slot } from 'radix-ui';
import { forwardRef, type ComponentPropsWithoutRef, type MouseEvent } from 'react';
import { cn } from '#app/components/ui/cn.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';

const VARIANTS = {
  primary: 'bg-accent text-on-accent shadow-xs hover:bg-accent-strong',
  neutral: 'border border-line-strong bg-raised text-ink shadow-xs hover:bg-hover',
  ghost: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-danger shadow-xs hover:bg-danger-strong',
} as const;

const SIZES = {
  sm: 'h-8 gap-1.5 rounded-md px-2.5 text-[13px]',
  md: 'h-9 gap-2 rounded-lg px-3.5 text-sm',
  lg: 'h-11 gap-2 rounded-lg px-5 text-[15px]',
  icon: 'size-8 rounded-md',
} as const;

export type ButtonProps = ComponentPropsWithoutRef<'button'> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Renders the child (a link) in a button’s clothes. */
  asChild?: boolean;
  /** Shows that it is at work and takes no further press. */
  pending?: boolean;
};

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  {
    variant = 'neutral',
    size = 'md',
    asChild = false,
    pending = false,
    className,
    disabled,
    onClick,
    children,
    ...rest
  },
  ref,
) {
  const look = cn(
    // What is pressed means nothing on paper.
    'print:hidden',
    'relative inline-flex shrink-0 select-none items-center justify-center font-medium whitespace-nowrap transition-colors duration-100',
    'disabled:pointer-events-none disabled:opacity-55 aria-disabled:pointer-events-none aria-disabled:opacity-55',
    'pointer-coarse:min-h-11 pointer-coarse:min-w-11 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root ref={ref} className={look} onClick={onClick} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      ref={ref}
      type="button"
      className={look}
      disabled={disabled}
      // Not `disabled`: that would take the focus away from who pressed it.
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      {...rest}
      onClick={pending ? hold : onClick}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
});

/** Neither a second press nor a form’s Enter gets through. */
function hold(event: MouseEvent): void {
  event.preventDefault();
}
