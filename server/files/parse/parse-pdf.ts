import { LIMITS } from './limits.ts';
import { ParseFailure, parseFailure, type Parsed } from './parsed.ts';
import { keepWithin, tidy } from './sections.ts';

/** Pages that are read before it is told how far it got. */
const AT_ONCE = 20;

/** The text of each page. Nothing is drawn, so the drawing classes that the library looks for may be empty. */
export async function parsePdf(bytes: Buffer, onProgress?: (percent: number) => void): Promise<Parsed> {
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) Reflect.set(globalThis, name, function nothing() {});
  const { PDFParse, PasswordException } = await import('pdf-parse');
  const pdf = new PDFParse({
    data: new Uint8Array(bytes),
    verbosity: 0,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
  });
  try {
    const told: { title: string; text: string }[] = [];
    let total = 1;
    for (let from = 1; from <= Math.min(total, LIMITS.pages); from += AT_ONCE) {
      const batch = await pdf.getText({ partial: Array.from({ length: AT_ONCE }, (_, n) => from + n), pageJoiner: '' });
      total = batch.total;
      told.push(...batch.pages.map(({ text }) => ({ title: '', text: tidy(text) })));
      if (total > AT_ONCE) onProgress?.(Math.round((100 * told.length) / Math.min(total, LIMITS.pages)));
    }
    if (total === 0) throw parseFailure('empty');
    if (told.every(({ text }) => text === '')) throw parseFailure('no_text');
    return keepWithin(told, total > told.length ? { cutOff: true } : {}, total);
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    const locked = error instanceof PasswordException || /password/i.test(String(error));
    throw parseFailure(locked ? 'encrypted' : 'corrupt');
  }
}
