import type { Tokens } from 'marked';
import { memo, useState } from 'react';
import { BlockView } from '#app/markdown/block-view.tsx';
import { createBlockReader, type Block } from '#app/markdown/read-blocks.ts';

/**
 * Text from a model: no raw HTML, no images, links that say where they lead. It may become what `app/markdown/block-view.tsx`
 * names and nothing else, so there is nothing to sanitise.
 */
export const Markdown = memo(function Markdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const [read] = useState(createBlockReader);
  const blocks = read(text, streaming);
  const depths = [...new Set(blocks.map(depthOf))].sort((a, b) => a - b);
  return (
    <div className="markdown">
      {blocks.map((block, place) => (
        // A block keeps its place: what comes later comes after it.
        <BlockView
          key={place}
          block={block}
          growing={streaming && place === blocks.length - 1}
          rank={depths.indexOf(depthOf(block))}
        />
      ))}
    </div>
  );
});

/** What is no heading comes after every heading and is no size of its own. */
function depthOf({ token }: Block): number {
  return token.type === 'heading' ? (token as Tokens.Heading).depth : Infinity;
}
