import type { DialogProps, SheetProps } from '#app/components/ui/dialog-window.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';

const load = () => import('#app/components/ui/dialog-window.tsx');
const isOpen = ({ open }: { open: boolean }) => open;

/** A window over the page; on a phone it fills it from the bottom. Focus stays inside and returns on closing. */
export const Dialog = onDemand<DialogProps>(async () => (await load()).Dialog, isOpen);

/** A panel that slides in from a side: what is a column on a wide screen. It brings its own close button if it wants one. */
export const Sheet = onDemand<SheetProps>(async () => (await load()).Sheet, isOpen);
