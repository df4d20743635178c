import { isUtf16 } from '../check-content.ts';

export type Decoded = { text: string; encoding: string };

/** By its mark, then UTF-8 if it is that throughout, then line by line: lines that are no UTF-8 are Windows-1252. */
export function decodeText(bytes: Buffer): Decoded {
  const wide = isUtf16(bytes);
  if (wide) return { text: new TextDecoder(wide).decode(bytes), encoding: wide };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return decodeByLine(bytes);
  }
}

function decodeByLine(bytes: Buffer): Decoded {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const western = new TextDecoder('windows-1252');
  const lines: string[] = [];
  let unicode = false;
  let start = 0;
  while (start <= bytes.length) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(start, end);
    try {
      const text = utf8.decode(line);
      if (text.length !== line.length) unicode = true;
      lines.push(text);
    } catch {
      lines.push(western.decode(line));
    }
    start = end + 1;
  }
  return { text: lines.join('\n'), encoding: unicode ? 'utf-8 and windows-1252' : 'windows-1252' };
}
