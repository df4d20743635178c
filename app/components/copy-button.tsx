import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { cn } from '#app/components/ui/cn.ts';

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      title={label}
      onClick={() => void copy()}
      className={cn(
        'inline-flex size-7 items-center print:hidden justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11',
        className,
      )}
    >
      {copied ? <Check aria-hidden className="size-3.5 text-ok" /> : <Copy aria-hidden className="size-3.5" />}
    </button>
  );
}
