import { startTransition, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { CopyButton } from '#app/components/copy-button.tsx';

/** A reader who scrolls meets coloured code. */
const NEAR = '400px 0px';

type CodeBlockProps = { code: string; language: string | null; growing: boolean };

/** Code with its language and a button to copy it. Colours come when it is whole and near: they move nothing. */
export function CodeBlock({ code, language, growing }: CodeBlockProps) {
  const box = useRef<HTMLDivElement>(null);
  const coloured = useColours(box, code, growing ? null : language);
  return (
    <div ref={box} className="markdown-code">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1 pl-3 text-xs text-ink-faint">
        <span className="font-mono">{language ?? 'text'}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre tabIndex={0}>
        <code>{coloured ?? code}</code>
      </pre>
    </div>
  );
}

/** The highlighter is fetched when there is code to colour, and not before. */
function useColours(box: RefObject<HTMLElement>, code: string, language: string | null): ReactNode {
  const [coloured, setColoured] = useState<{ code: string; language: string; node: ReactNode } | null>(null);
  useEffect(() => {
    if (language === null || !box.current) return;
    const shown = new AbortController();
    const colour = async () => {
      const { highlight } = await import('#app/markdown/highlight.tsx');
      if (shown.signal.aborted) return;
      const node = await highlight(code, language);
      startTransition(() => setColoured({ code, language, node }));
    };
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        seen.disconnect();
        // Offline: code is readable without colours.
        colour().catch(() => undefined);
      },
      { rootMargin: NEAR },
    );
    seen.observe(box.current);
    return () => {
      shown.abort();
      seen.disconnect();
    };
  }, [box, code, language]);
  return coloured?.code === code && coloured.language === language ? coloured.node : null;
}
