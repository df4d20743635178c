import type { ConfirmProps } from '#app/components/ui/confirm-window.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';

/** Asks before something that can’t be taken back with one click. */
export const Confirm = onDemand<ConfirmProps>(
  async () => (await import('#app/components/ui/confirm-window.tsx')).Confirm,
  ({ open }) => open,
);
