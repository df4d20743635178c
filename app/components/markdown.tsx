import { Check, Copy } from 'lucide-react';
import { isValidElement, memo, useState, type ComponentProps, type ReactNode } from 'react';
import { defaultRehypePlugins, Streamdown, type StreamdownProps } from 'streamdown';
import { CitationMarker } from '#app/components/citations/citation-marker.tsx';
import { rehypeCitations } from '#app/components/citations/rehype-citations.ts';
import { followable } from '#app/components/followable.ts';
import { cn } from '#app/components/ui/cn.ts';

type Plugin = NonNullable<StreamdownProps['rehypePlugins']>[number];

/** Without `rehype-raw`, HTML in the text stays text. What is left is sanitised all the same. */
const REHYPE: Plugin[] = [defaultRehypePlugins['sanitize'], rehypeCitations].filter(
  (plugin): plugin is Plugin => plugin !== undefined,
);

/** A page has one h1 and its sections; headings of a reply come below them. */
const COMPONENTS = {
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  h6: 'h6',
  p: 'p',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  strong: 'strong',
  blockquote: 'blockquote',
  hr: 'hr',
  sup: 'sup',
  sub: 'sub',
  section: 'div',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
  code: 'code',
  inlineCode: InlineCode,
  pre: CodeBlock,
  table: Table,
  a: SafeLink,
  cite: CitationMarker,
  img: ImageLink,
} satisfies Record<string, unknown> as NonNullable<StreamdownProps['components']>;

/** Text from a model: no raw HTML, no images, links that say where they lead. */
export const Markdown = memo(function Markdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  return (
    <Streamdown
      mode="streaming"
      className="markdown"
      components={COMPONENTS}
      rehypePlugins={REHYPE}
      controls={false}
      linkSafety={{ enabled: false }}
      isAnimating={streaming}
      parseIncompleteMarkdown={streaming}
      data-streaming={streaming || undefined}
    >
      {text}
    </Streamdown>
  );
});

function SafeLink({ href, children }: ComponentProps<'a'>) {
  const url = followable(href);
  if (!url) return <span>{children}</span>;
  const host = url.protocol === 'mailto:' ? url.pathname : url.host;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      {!textOf(children).includes(host) && <span className="markdown-host"> ({host})</span>}
    </a>
  );
}

/** An image would tell its host who reads this, and when. It becomes a link. */
function ImageLink({ src, alt }: ComponentProps<'img'>) {
  const name = alt ? `Image: ${alt}` : 'Image';
  return followable(typeof src === 'string' ? src : undefined) ? (
    <SafeLink href={src}>{name}</SafeLink>
  ) : (
    <span>[{name}]</span>
  );
}

function InlineCode({ children }: { children?: ReactNode }) {
  return <code>{children}</code>;
}

function Table({ children }: ComponentProps<'table'>) {
  return (
    <div className="markdown-table" tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  );
}

function CodeBlock({ children }: ComponentProps<'pre'>) {
  const code = textOf(children).replace(/\n$/u, '');
  const language = isValidElement<{ className?: string }>(children)
    ? /language-([\w+#.-]+)/u.exec(children.props.className ?? '')?.[1]
    : undefined;
  return (
    <div className="markdown-code">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1 pl-3 text-xs text-ink-faint">
        <span className="font-mono">{language ?? 'text'}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}

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
        'inline-flex size-7 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11',
        className,
      )}
    >
      {copied ? <Check aria-hidden className="size-3.5 text-ok" /> : <Copy aria-hidden className="size-3.5" />}
    </button>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}
