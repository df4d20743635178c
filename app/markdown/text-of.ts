import { lexer, type MarkedToken, type Token } from 'marked';
import { decodeEntities } from '#app/markdown/decode-entities.ts';

/** What is read of these, without what it looks like. */
export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      const { tokens: inner, text } = token as { tokens?: Token[]; text?: string };
      return inner ? textOf(inner) : decodeEntities(text ?? '');
    })
    .join('');
}

/** A passage of Markdown as plain text, a line for each paragraph, item and row. */
export function plainTextOf(markdown: string): string {
  return lexer(markdown).flatMap(linesOf).filter(Boolean).join('\n');
}

function linesOf(given: Token): string[] {
  const token = given as MarkedToken;
  switch (token.type) {
    case 'list':
      return token.items.map(({ tokens }) => `• ${textOf(tokens)}`);
    case 'table':
      return [token.header, ...token.rows].map((cells) => cells.map(({ tokens }) => textOf(tokens)).join(' · '));
    case 'space':
    case 'hr':
    case 'def':
      return [];
    case 'blockquote':
      return token.tokens.flatMap(linesOf);
    default:
      return [textOf([token])];
  }
}
