import type { ElementContent, RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';
import { Fragment, type ReactNode } from 'react';

const lowlight = createLowlight(common);
/** Beyond this colouring would hold up the page. */
const LONGEST = 50_000;

/** Code as coloured spans; null where the language is not known. */
export function highlight(code: string, language: string): ReactNode {
  if (code.length > LONGEST || !lowlight.registered(language)) return null;
  return showAll(lowlight.highlight(language, code).children);
}

function showAll(nodes: readonly (RootContent | ElementContent)[]): ReactNode {
  return nodes.map((node, place) => {
    if (node.type === 'text') return <Fragment key={place}>{node.value}</Fragment>;
    if (node.type !== 'element') return null;
    const { className } = node.properties;
    return (
      <span key={place} className={Array.isArray(className) ? className.join(' ') : undefined}>
        {showAll(node.children)}
      </span>
    );
  });
}
