import { Marked, type Token } from 'marked';
import { completeTail } from '#app/markdown/complete-tail.ts';
import { MATHS } from '#app/markdown/maths-tokens.ts';

/** A top-level piece of a text: what it was parsed from, and what it is. */
export type Block = { start: number; source: string; token: Token };

const marked = new Marked({ gfm: true, extensions: MATHS });

/** Where a link's address is told apart from the link, which may be anywhere before it. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;

/**
 * Reads a text that grows. Only the last block of Markdown can change by what follows it, so each read begins where the
 * last one’s last block began: a frame of a long reply costs no more than one of a short reply. While it grows, what is
 * half written at its end (a bold word, a link, the head of a table) is read as what it will be.
 */
export function createBlockReader(): (text: string, growing: boolean) => readonly Block[] {
  let before: { text: string; growing: boolean; blocks: readonly Block[] } = { text: '', growing: true, blocks: [] };
  return (given, growing) => {
    const text = given.replace(/\r\n?/g, '\n');
    if (before.text === text && before.growing === growing) return before.blocks;
    const kept = growing || !DEFINITION.test(text) ? keptOf(before.blocks, before.text, text) : [];
    const last = kept.at(-1);
    const start = last ? last.start + last.source.length : 0;
    const rest = text.slice(start);
    const blocks = [...kept, ...blocksOf(growing ? completeTail(rest) : rest, start)];
    before = { text, growing, blocks };
    return blocks;
  };
}

/** All but the last block, if the text only grew. */
function keptOf(blocks: readonly Block[], before: string, text: string): readonly Block[] {
  const last = blocks.findLastIndex(({ token }) => token.type !== 'space');
  const from = blocks[last]?.start ?? 0;
  return text.startsWith(before.slice(0, from)) ? blocks.slice(0, Math.max(last, 0)) : [];
}

function blocksOf(text: string, start: number): Block[] {
  let place = start;
  return marked.lexer(text).map((token) => {
    const block = { start: place, source: token.raw, token };
    place += token.raw.length;
    return block;
  });
}
