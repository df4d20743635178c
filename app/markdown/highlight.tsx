import type { ElementContent, RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';
import { Fragment, type ReactNode } from 'react';

const lowlight = createLowlight();
/** Beyond this colouring would hold up the page. */
const LONGEST = 50_000;

/** Ends when all that was asked for before is coloured: one piece of work a task, or a page of code holds up a press. */
let before = registerAll();

/** Code as coloured spans; null where the language is not known. */
export function highlight(code: string, language: string): Promise<ReactNode> {
  const coloured = before.then(pause).then(async () => {
    if (code.length > LONGEST || !lowlight.registered(language)) return null;
    await compile(language);
    return showAll(lowlight.highlight(language, code).children);
  });
  before = coloured.then(
    () => undefined,
    () => undefined,
  );
  return coloured;
}

const compiled = new Set<string>();

/** A language’s first code takes twice as long as those after it: the first half is a task of its own. */
async function compile(language: string): Promise<void> {
  if (compiled.has(language)) return;
  compiled.add(language);
  lowlight.highlight(language, '');
  await pause();
}

async function registerAll(): Promise<void> {
  for (const [name, grammar] of Object.entries(common)) {
    lowlight.register(name, grammar);
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
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
