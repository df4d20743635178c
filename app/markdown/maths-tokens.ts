import type { TokenizerExtension, Tokens } from 'marked';

export type MathsToken = Tokens.Generic & { type: 'maths'; tex: string; display: boolean };

const BLOCK = /^ {0,3}(?:\$\$([^]+?)\$\$|\\\[([^]+?)\\\])[^\S\n]*(?:\n|$)/;
/** As in Pandoc: no space inside, no digit after; and something that money never has, or a letter alone. */
const DOLLARS = /^\$(?=[^\s$])(?=[A-Za-z]\$|[^$\n]*[\\^_={}<>])([^$\n]*[^\s$\\])\$(?![\w$])/;
const INLINE = /^(?:\$\$([^$]+?)\$\$|\\\(([^\n]+?)\\\)|\\\[([^]+?)\\\])/;

/** Maths between `$$ … $$`, `\[ … \]`, `\( … \)`, and `$ … $` where it can’t be money. */
export const MATHS: TokenizerExtension[] = [
  {
    name: 'maths',
    level: 'block',
    start: (text) => /\$\$|\\\[/.exec(text)?.index,
    tokenizer: (text) => maths(BLOCK.exec(text), true),
  },
  {
    name: 'maths',
    level: 'inline',
    start: (text) => /\$|\\[[(]/.exec(text)?.index,
    tokenizer: (text) => maths(INLINE.exec(text) ?? DOLLARS.exec(text), false),
  },
];

function maths(found: RegExpExecArray | null, block: boolean): MathsToken | undefined {
  if (!found) return undefined;
  const parts: (string | undefined)[] = found.slice(1);
  const tex = parts.find((part) => part !== undefined) ?? '';
  return { type: 'maths', raw: found[0], tex: tex.trim(), display: block || parts[2] !== undefined };
}
