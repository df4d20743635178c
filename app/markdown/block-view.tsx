import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { CitationMarker } from '#app/components/citations/citation-marker.tsx';
import { CodeBlock } from '#app/markdown/code-block.tsx';
import { decodeEntities } from '#app/markdown/decode-entities.ts';
import { Maths } from '#app/markdown/maths.tsx';
import type { MathsToken } from '#app/markdown/maths-tokens.ts';
import type { Block } from '#app/markdown/read-blocks.ts';
import { SafeLink } from '#app/markdown/safe-link.tsx';
import { textOf } from '#app/markdown/text-of.ts';

/** `rank`: of a heading, its place among the sizes of headings that the text uses, from 0. */
type BlockViewProps = { block: Block; growing: boolean; rank: number };

/** One top-level piece of a text. It is drawn again only when its own source changed. */
export const BlockView = memo(
  function BlockView({ block, growing, rank }: BlockViewProps) {
    return <>{show(block.token, growing, rank)}</>;
  },
  (before, after) =>
    before.block.source === after.block.source && before.growing === after.growing && before.rank === after.rank,
);

function showAll(tokens: readonly Token[], growing: boolean): ReactNode {
  return tokens.map((token, place) => <Fragment key={place}>{show(token, growing)}</Fragment>);
}

/** A page has one h1 and its sections; headings of a reply come below them, whatever size they begin with. */
const HEADINGS = ['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const;

/** What a text may become; a token of another kind becomes nothing. */
function show(given: Token, growing: boolean, rank = 0): ReactNode {
  const token = given as MarkedToken | MathsToken;
  switch (token.type) {
    case 'text':
      return token.tokens ? showAll(token.tokens, growing) : withCitations(decodeEntities(token.text));
    case 'escape':
      return token.text;
    case 'paragraph': {
      const [only, ...others] = token.tokens;
      // Maths that stands alone in its paragraph is set apart.
      return only?.type === 'maths' && others.length === 0 ? (
        <Maths tex={(only as MathsToken).tex} display />
      ) : (
        <p>{showAll(token.tokens, growing)}</p>
      );
    }
    case 'heading': {
      const Heading = HEADINGS[rank] ?? 'h6';
      return <Heading>{showAll(token.tokens, growing)}</Heading>;
    }
    case 'em':
      return <em>{showAll(token.tokens, growing)}</em>;
    case 'strong':
      return <strong>{showAll(token.tokens, growing)}</strong>;
    case 'del':
      return <del>{showAll(token.tokens, growing)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'blockquote':
      return <blockquote>{showAll(token.tokens, growing)}</blockquote>;
    case 'list':
      return <ListView list={token} growing={growing} />;
    case 'table':
      return <TableView table={token} growing={growing} />;
    case 'code':
      return (
        <CodeBlock code={token.text} language={/^[\w+#.-]+/.exec(token.lang ?? '')?.[0] ?? null} growing={growing} />
      );
    case 'maths':
      return <Maths tex={token.tex} display={token.display} />;
    case 'link':
      return (
        <SafeLink href={token.href} text={textOf(token.tokens)}>
          {textOf(token.tokens)}
        </SafeLink>
      );
    // An image would tell its host who reads this, and when. It becomes a link.
    case 'image':
      return (
        <SafeLink href={token.href} text={token.text}>
          {token.text === '' ? 'Image' : `Image: ${token.text}`}
        </SafeLink>
      );
    // HTML stays the text that it is.
    case 'html':
      return <span className="whitespace-pre-wrap">{token.text}</span>;
    default:
      return null;
  }
}

function ListView({ list, growing }: { list: Tokens.List; growing: boolean }) {
  const Tag = list.ordered ? 'ol' : 'ul';
  return (
    <Tag {...(list.ordered && typeof list.start === 'number' && list.start !== 1 ? { start: list.start } : {})}>
      {list.items.map((item, place) => (
        <li key={place} className={item.task ? 'markdown-task' : undefined}>
          {item.task && (
            <span role="img" aria-label={item.checked ? 'Done: ' : 'To do: '} data-done={item.checked || undefined} />
          )}
          {showAll(item.tokens, growing)}
        </li>
      ))}
    </Tag>
  );
}

function TableView({ table, growing }: { table: Tokens.Table; growing: boolean }) {
  const aligned = ({ align }: Tokens.TableCell) => (align ? { style: { textAlign: align } } : {});
  return (
    <div className="markdown-table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, column) => (
              <th key={column} scope="col" {...aligned(cell)}>
                {showAll(cell.tokens, growing)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, place) => (
            <tr key={place}>
              {row.map((cell, column) => (
                <td key={column} {...aligned(cell)}>
                  {showAll(cell.tokens, growing)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MARKER = /\[(\d{1,3})\]/;

/** `[3]` in running text is the marker of source 3. In code it is code, and a link leads where it says. */
function withCitations(text: string): ReactNode {
  const parts = text.split(MARKER);
  if (parts.length === 1) return text;
  return parts.map((part, place) => (place % 2 === 0 ? part : <CitationMarker key={place}>{part}</CitationMarker>));
}
