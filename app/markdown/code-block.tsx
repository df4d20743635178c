import { useEffect, useState, type ReactNode } from 'react';
import { CopyButton } from '#app/components/copy-button.tsx';

type CodeBlockProps = { code: string; language: string | null; growing: boolean };

/** Code with its language and a button to copy it. Colours come when it is whole: they move nothing. */
export function CodeBlock({ code, language, growing }: CodeBlockProps) {
  const coloured = useColours(code, growing ? null : language);
  return (
    <div className="markdown-code">
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
function useColours(code: string, language: string | null): ReactNode {
  const [coloured, setColoured] = useState<{ code: string; language: string; node: ReactNode } | null>(null);
  useEffect(() => {
    if (language === null) return;
    let gone = false;
    import('#app/markdown/highlight.tsx').then(
      ({ highlight }) => {
        if (!gone) setColoured({ code, language, node: highlight(code, language) });
      },
      () => {
        // Offline: code is readable without colours.
      },
    );
    return () => {
      gone = true;
    };
  }, [code, language]);
  return coloured?.code === code && coloured.language === language ? coloured.node : null;
}
