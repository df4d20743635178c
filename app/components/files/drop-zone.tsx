import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useFilesActions } from '#app/components/files/files-context.tsx';

/** Takes files that are dropped anywhere on the page; while some hang over it, it says so. */
export function DropZone() {
  const { add, canWrite } = useFilesActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!canWrite) return;
    // Entering a child comes before leaving its parent: only their count says whether the page was left.
    let depth = 0;
    const move = (by: number) => (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const enter = move(1);
    const leave = move(-1);
    const hover = move(0);
    const drop = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      add(filesOf(event.dataTransfer), true);
    };
    const listen = { dragenter: enter, dragleave: leave, dragover: hover, drop };
    const entries = Object.entries(listen) as [keyof typeof listen, (event: DragEvent) => void][];
    for (const [type, listener] of entries) window.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of entries) window.removeEventListener(type, listener);
    };
  }, [add, canWrite]);
  if (!over) return null;
  return (
    <div
      data-testid="drop-zone"
      className="pointer-events-none absolute inset-2 z-30 flex flex-col items-center justify-center gap-2 rounded-2xl border-2 border-dashed border-accent bg-surface/90 text-center"
    >
      <FileUp aria-hidden className="size-8 text-accent" />
      <p className="text-base font-semibold">Drop to add to your message</p>
      <p className="text-sm text-ink-soft">PDF, DOCX, TXT, MD or CSV, up to 10 MB each</p>
    </div>
  );
}

function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

/** A folder is none: its entry says so. */
function filesOf(transfer: DataTransfer | null): File[] {
  return [...(transfer?.items ?? [])].flatMap((item) =>
    item.kind !== 'file' || item.webkitGetAsEntry()?.isDirectory === true ? [] : (item.getAsFile() ?? []),
  );
}
