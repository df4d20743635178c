import { useEffect, useState } from 'react';

type Render = (tex: string, display: boolean) => string;

/** On the server it is there at once, so that maths is readable before scripts; a browser fetches it when there is maths. */
const onServer: Render | null = import.meta.env.SSR
  ? (await import('#app/markdown/render-maths.ts')).renderMaths
  : null;

/** TeX as MathML, which browsers lay out and screen readers read; the source where it can’t be read as TeX. */
export function Maths({ tex, display = false }: { tex: string; display?: boolean }) {
  const html = useMaths(tex, display);
  const Tag = display ? 'div' : 'span';
  return (
    <Tag
      className={display ? 'markdown-maths' : undefined}
      // What the server rendered stays until the browser can render it itself.
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: html ?? `<code>${escapeHtml(tex)}</code>` }}
    />
  );
}

function useMaths(tex: string, display: boolean): string | null {
  const [render, setRender] = useState<Render | null>(() => onServer);
  useEffect(() => {
    if (render) return;
    let gone = false;
    import('#app/markdown/render-maths.ts').then(
      ({ renderMaths }) => {
        if (!gone) setRender(() => renderMaths);
      },
      () => {
        // Offline: the source is shown.
      },
    );
    return () => {
      gone = true;
    };
  }, [render]);
  return render ? render(tex, display) : null;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
