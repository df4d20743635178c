import { X, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Sheet } from '#app/components/ui/dialog.tsx';
import { Wake } from '#app/components/wake.tsx';

/** Where a panel stands beside the conversation; Tailwind’s `xl`. */
const WIDE = '(min-width: 80rem)';

type SidePanel = { id: string; label: string; icon: LucideIcon; content: ReactNode };

/**
 * What stands beside a conversation: one panel at a time, a column on a wide screen and a sheet on others. Returns the
 * buttons for the header, what lays conversation and panel out, the panel itself, and what opens one from elsewhere.
 */
export function useSidePanels(panels: readonly SidePanel[], first: string | null) {
  const [column, setColumn] = useState(first);
  const [sheet, setSheet] = useState<string | null>(null);
  const beside = panels.find(({ id }) => id === column);
  const over = panels.find(({ id }) => id === sheet);
  const buttons = panels.map(({ id, label, icon: Icon }) => (
    <span key={id}>
      <Button
        variant="ghost"
        size="icon"
        className="hidden aria-expanded:bg-hover xl:inline-flex"
        aria-label={label}
        title={label}
        aria-expanded={column === id}
        onClick={() => setColumn(column === id ? null : id)}
      >
        <Icon aria-hidden className="size-4.5" />
      </Button>
      <Button variant="ghost" size="icon" className="xl:hidden" aria-label={label} onClick={() => setSheet(id)}>
        <Icon aria-hidden className="size-4.5" />
      </Button>
    </span>
  ));
  const panel = (
    <>
      {beside && (
        <aside
          aria-label={beside.label}
          className="hidden overflow-y-auto border-l border-line px-3 py-4 xl:block print:hidden"
        >
          <h2 className="mb-2 px-2.5 text-xs font-medium text-ink-faint">{beside.label}</h2>
          <Wake>{beside.content}</Wake>
        </aside>
      )}
      <Sheet
        open={over !== undefined}
        onOpenChange={(open) => open || setSheet(null)}
        side="right"
        title={over?.label ?? ''}
      >
        <div className="flex min-h-14 items-center justify-between border-b border-line pr-2 pl-5">
          <h2 className="text-sm font-semibold">{over?.label}</h2>
          <Button variant="ghost" size="icon" aria-label="Close" onClick={() => setSheet(null)}>
            <X aria-hidden className="size-4" />
          </Button>
        </div>
        <div className="flex-1 overflow-y-auto p-3">{over?.content}</div>
      </Sheet>
    </>
  );
  const show = (id: string) => (window.matchMedia(WIDE).matches ? setColumn(id) : setSheet(id));
  // The column has its width before it is there: the conversation that comes before it must not be laid out twice.
  const layout = cn(
    'flex min-h-0 flex-1 print:block',
    beside && 'xl:grid xl:grid-cols-[minmax(0,1fr)_20rem] xl:grid-rows-[minmax(0,1fr)]',
  );
  return { buttons, layout, panel, show };
}
