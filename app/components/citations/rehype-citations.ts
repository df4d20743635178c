type Text = { type: 'text'; value: string };
type Element = { type: 'element'; tagName: string; properties: Record<string, unknown>; children: Node[] };
type Node = Text | Element | { type: 'root'; children: Node[] } | { type: 'comment' | 'doctype' };

/** In code a number in brackets is code, and a link leads where it says. */
const LEFT_ALONE = new Set(['code', 'pre', 'a']);
const MARKER = /\[(\d{1,3})\]/g;

/** Makes `[3]` in running text a `cite` element, which is drawn as the marker of source 3. */
export function rehypeCitations() {
  return (tree: Node): void => mark(tree);
}

function mark(node: Node): void {
  if (!('children' in node) || ('tagName' in node && LEFT_ALONE.has(node.tagName))) return;
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text') return split(child);
    mark(child);
    return [child];
  });
}

function split(text: Text): Node[] {
  const parts: Node[] = [];
  let from = 0;
  for (const found of text.value.matchAll(MARKER)) {
    if (found.index > from) parts.push({ type: 'text', value: text.value.slice(from, found.index) });
    const label: Text = { type: 'text', value: found[1] ?? '' };
    parts.push({ type: 'element', tagName: 'cite', properties: {}, children: [label] });
    from = found.index + found[0].length;
  }
  if (from === 0) return [text];
  if (from < text.value.length) parts.push({ type: 'text', value: text.value.slice(from) });
  return parts;
}
