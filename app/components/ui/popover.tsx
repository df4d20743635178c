import type { PopoverProps } from '#app/components/ui/popover-card.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';

/** A card beside a button, which opens it and says so by `aria-haspopup` and `aria-expanded`. */
export const Popover = onDemand<PopoverProps>(
  async () => (await import('#app/components/ui/popover-card.tsx')).Popover,
  ({ open }) => open,
);
