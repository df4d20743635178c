import type { ReactNode } from 'react';
import { followable } from '#app/components/followable.ts';

/** A link that says where it leads; what may not be followed stays text. */
export function SafeLink({ href, text, children }: { href: string | undefined; text: string; children: ReactNode }) {
  const url = followable(href);
  if (!url) return <span>{children}</span>;
  const host = url.protocol === 'mailto:' ? url.pathname : url.host;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      {!names(text.trim(), host) && <span className="markdown-host"> ({host})</span>}
    </a>
  );
}

/** Only a text that is the address itself says where it leads: a host can also be a part of another one. */
function names(text: string, host: string): boolean {
  const address = text.includes('://') ? text : `https://${text}`;
  return text === host || (!/\s/u.test(text) && URL.canParse(address) && new URL(address).host === host);
}
