import { LIMITS } from './limits.ts';
import { ParseFailure, parseFailure, type Parsed } from './parsed.ts';
import { keepWithin, tidy } from './sections.ts';

/** The text of each page. Nothing is drawn, so the drawing classes that the library looks for may be empty. */
export async function parsePdf(bytes: Buffer): Promise<Parsed> {
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
    const { pages, total } = await pdf.getText({ first: LIMITS.pages, pageJoiner: '' });
    const told = pages.map(({ text }) => ({ title: '', text: tidy(text) }));
    if (total === 0) throw parseFailure('empty');
    if (told.every(({ text }) => text === '')) throw parseFailure('no_text');
    return keepWithin(told, total > told.length ? { cutOff: true } : {}, total);
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    const locked = error instanceof PasswordException || /password/i.test(String(error));
    throw parseFailure(locked ? 'encrypted' : 'corrupt');
  }
}
