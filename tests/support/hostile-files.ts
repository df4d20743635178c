import { deflateSync } from 'node:zlib';
import type { NewUpload } from './files.ts';
import { docxOf, paragraph, pdfOf, pdfPage, wordXml, zipOf } from './zip-files.ts';

/** `refused`: 415 at `complete`; `failed`: with this code; `ready`: read, and this is in the text. */
type Fate = { refused: true } | { failed: string | RegExp } | { ready: string | null };
export type HostileFile = NewUpload & { what: string } & Fate;

const HELLO = 'BT /F1 12 Tf 72 700 Td (Hello page) Tj ET';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>';
const HTML = '<!DOCTYPE html><html><script>location="https://evil.example"</script></html>';
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');
const rels = (target: string, mode = 'External') => ({
  name: 'word/_rels/document.xml.rels',
  data: `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="${target}" TargetMode="${mode}"/></Relationships>`,
});

/** Files that were made to do harm, each with what has to become of it. `canary` is an address that nobody may ask for. */
export function hostileFiles(canary: string): HostileFile[] {
  return [
    { what: 'a web page as PDF', name: 'page.pdf', bytes: HTML, refused: true },
    { what: 'a drawing as PDF', name: 'drawing.pdf', bytes: SVG, refused: true },
    { what: 'an archive as PDF', name: 'archive.pdf', bytes: zipOf([{ name: 'a.txt', data: 'a' }]), refused: true },
    { what: 'an empty PDF', name: 'empty.pdf', bytes: '', refused: true },
    {
      what: 'a PDF behind something else',
      name: 'late.pdf',
      bytes: Buffer.concat([Buffer.from(HTML), pdfPage(HELLO)]),
      refused: true,
    },
    { what: 'a program as text', name: 'program.txt', bytes: Buffer.from('MZ\x90\x00\x03', 'latin1'), refused: true },
    {
      what: 'a Linux program as text',
      name: 'elf.txt',
      bytes: Buffer.from('\x7fELF\x02\x01', 'latin1'),
      refused: true,
    },
    { what: 'a picture as text', name: 'picture.txt', bytes: png, refused: true },
    { what: 'a picture as table', name: 'picture.csv', bytes: png, refused: true },
    { what: 'a web page as table', name: 'page.csv', bytes: HTML, refused: true },
    { what: 'a web page as text', name: 'page.txt', bytes: HTML, refused: true },
    { what: 'a drawing as markdown', name: 'drawing.md', bytes: SVG, refused: true },
    {
      what: 'a drawing behind an XML declaration',
      name: 'xml.txt',
      bytes: `<?xml version="1.0"?>\n${SVG}`,
      refused: true,
    },
    { what: 'a PDF as text', name: 'pdf.txt', bytes: pdfPage(HELLO), refused: true },
    { what: 'rich text as text', name: 'rich.txt', bytes: '{\\rtf1 hello}', refused: true },
    { what: 'PostScript as text', name: 'ps.txt', bytes: '%!PS-Adobe-3.0\n', refused: true },
    {
      what: 'text with binary in it',
      name: 'binary.txt',
      bytes: Buffer.from('hello\0\x01\x02world', 'latin1'),
      refused: true,
    },
    {
      what: 'a compressed file as table',
      name: 'gz.csv',
      bytes: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
      refused: true,
    },
    { what: 'a PDF as document', name: 'pdf.docx', bytes: pdfPage(HELLO), refused: true },
    {
      what: 'an archive as document',
      name: 'archive.docx',
      bytes: zipOf([{ name: 'a.txt', data: 'a' }]),
      refused: true,
    },
    {
      what: 'a spreadsheet as document',
      name: 'sheet.docx',
      bytes: zipOf([{ name: 'xl/workbook.xml', data: '<x/>' }]),
      refused: true,
    },
    {
      what: 'a document with macros',
      name: 'macro.docx',
      bytes: docxOf(paragraph('a'), [{ name: 'word/vbaProject.bin', data: 'x' }]),
      refused: true,
    },
    {
      what: 'an old Word file',
      name: 'old.docx',
      bytes: Buffer.concat([COMPOUND, Buffer.alloc(1_024)]),
      refused: true,
    },
    {
      what: 'a locked document',
      name: 'locked.docx',
      bytes: Buffer.concat([COMPOUND, Buffer.alloc(512), Buffer.from('EncryptedPackage', 'utf16le')]),
      failed: 'encrypted',
    },
    {
      what: 'a document with locked entries',
      name: 'entries.docx',
      bytes: docxOf('', [{ name: 'word/document.xml', data: 'x', claims: { encrypted: true } }]),
      failed: 'encrypted',
    },
    {
      what: 'a document that is cut off',
      name: 'cut.docx',
      bytes: docxOf(paragraph('Hello '.repeat(500))).subarray(0, 300),
      failed: 'corrupt',
    },
    { what: 'a document of nonsense', name: 'nonsense.docx', bytes: docxOf('', [], '<<<not xml'), failed: 'corrupt' },
    { what: 'a document of nothing', name: 'nothing.docx', bytes: docxOf(''), failed: 'empty' },
    {
      what: 'an honest bomb',
      name: 'bomb.docx',
      bytes: docxOf('', [], wordXml(`<!--${' '.repeat(60_000_000)}-->`)),
      failed: 'too_large',
    },
    {
      what: 'a bomb that lies about its size',
      name: 'liar.docx',
      bytes: docxOf('', [
        {
          name: 'word/document.xml',
          data: wordXml(`<!--${' '.repeat(60_000_000)}-->`),
          claims: { unpacked: 900_000, packed: 900_000 },
        },
      ]),
      failed: /too_large|corrupt/,
    },
    {
      what: 'a bomb beside the text',
      name: 'beside.docx',
      bytes: docxOf(paragraph('a'), [{ name: 'word/media/image1.png', data: Buffer.alloc(30_000_000) }]),
      failed: 'too_large',
    },
    {
      what: 'thousands of entries',
      name: 'many.docx',
      bytes: docxOf(
        paragraph('a'),
        Array.from({ length: 2_500 }, (_, n) => ({ name: `word/${n}.xml`, data: '' })),
      ),
      failed: 'too_large',
    },
    {
      what: 'entities that grow',
      name: 'laughs.docx',
      bytes: docxOf(
        '',
        [],
        wordXml(
          paragraph('&i;'),
          `<!DOCTYPE x [<!ENTITY a "ha">${'abcdefgh'
            .split('')
            .map((n, at) => `<!ENTITY ${'bcdefghi'[at]} "${`&${n};`.repeat(10)}">`)
            .join('')}]>`,
        ),
      ),
      failed: /corrupt|empty|memory|timeout/,
    },
    {
      what: 'an entity from a local file',
      name: 'entity.docx',
      bytes: docxOf('', [], wordXml(paragraph('see &x;'), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
      failed: /corrupt|empty/,
    },
    {
      what: 'a picture from a local file',
      name: 'local.docx',
      bytes: docxOf(paragraph('Text'), [rels('file:///etc/passwd')]),
      ready: 'Text',
    },
    {
      what: 'a picture from a host',
      name: 'remote.docx',
      bytes: docxOf(
        `${paragraph('Text')}<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="rId9"/></w:drawing></w:r></w:p>`,
        [rels(`${canary}/a.png`)],
      ),
      ready: 'Text',
    },
    {
      what: 'entries that leave the archive',
      name: 'slip.docx',
      bytes: docxOf(paragraph('Text'), [
        { name: '../../../tmp/slipped', data: 'x' },
        { name: '__proto__', data: 'x' },
      ]),
      ready: 'Text',
    },
    {
      what: 'a document that is deeply nested',
      name: 'deep.docx',
      bytes: docxOf('', [], wordXml('<w:p>'.repeat(200_000) + '</w:p>'.repeat(200_000))),
      failed: /too_large|corrupt|empty|memory|timeout|crashed/,
    },
    {
      what: 'a PDF that is cut off',
      name: 'cut.pdf',
      bytes: pdfPage(HELLO).subarray(0, 60),
      failed: /corrupt|empty|no_text/,
    },
    {
      what: 'a PDF of nonsense',
      name: 'nonsense.pdf',
      bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 'x')]),
      failed: /corrupt|empty/,
    },
    { what: 'a PDF without text', name: 'scan.pdf', bytes: pdfPage('0 0 100 100 re f'), failed: 'no_text' },
    {
      what: 'a PDF whose pages are their own parents',
      name: 'loop.pdf',
      bytes: pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']),
      failed: /corrupt|no_text|timeout|empty/,
    },
    {
      what: 'a PDF that claims millions of pages',
      name: 'millions.pdf',
      bytes: pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 9999999 >>']),
      failed: /corrupt|no_text|timeout|empty/,
    },
    {
      what: 'a PDF with a script',
      name: 'script.pdf',
      bytes: pdfPage(HELLO, { catalog: `/OpenAction << /S /JavaScript /JS (app.launchURL("${canary}")) >>` }),
      ready: 'Hello page',
    },
    {
      what: 'a PDF that opens an address',
      name: 'uri.pdf',
      bytes: pdfPage(HELLO, { catalog: `/OpenAction << /S /URI /URI (${canary}) >>` }),
      ready: 'Hello page',
    },
    {
      what: 'a PDF whose page is elsewhere',
      name: 'elsewhere.pdf',
      bytes: pdfPage(HELLO, { stream: `/F << /FS /URL /F (${canary}) >>` }),
      ready: null,
    },
    { what: 'a PDF that packs 60 MB into little', name: 'flate.pdf', bytes: flatePdf(60_000_000), ready: null },
    {
      what: 'a PDF that is an archive as well',
      name: 'polyglot.pdf',
      bytes: Buffer.concat([pdfPage(HELLO), zipOf([{ name: 'a.txt', data: 'a' }])]),
      ready: 'Hello page',
    },
    {
      what: 'a table with formulas',
      name: 'formula.csv',
      bytes: 'name,value\n"=cmd|\' /C calc\'!A0",1\n@SUM(1+1),2\n',
      ready: '=cmd',
    },
    { what: 'a table with ragged rows', name: 'ragged.csv', bytes: 'a,b,c\n1,2\n1,2,3,4\n1,2,3\n', ready: '1 | 2 | 3' },
    {
      what: 'a table of mixed encodings',
      name: 'mixed.csv',
      bytes: Buffer.concat([Buffer.from('name,city\nJosé,Köln\n'), Buffer.from('Fran\xe7ois,Orl\xe9ans\n', 'latin1')]),
      ready: 'François | Orléans',
    },
    {
      what: 'a table of 200,000 lines',
      name: 'long.csv',
      bytes: `n,square\n${Array.from({ length: 200_000 }, (_, n) => `${n},${n * 2}`).join('\n')}\n`,
      ready: 'n | square',
    },
    {
      what: 'a table with one unclosed quote',
      name: 'quote.csv',
      bytes: `a,b\n"unclosed,${'1,2\n'.repeat(20_000)}`,
      ready: null,
    },
    {
      what: 'a table of a hundred thousand columns',
      name: 'wide.csv',
      bytes: `${'a,'.repeat(100_000)}\n${'1,'.repeat(100_000)}\n`,
      ready: null,
    },
    {
      what: 'text in UTF-16',
      name: 'wide.txt',
      bytes: Buffer.from('\ufeffKupfer und Größe', 'utf16le'),
      ready: 'Kupfer und Größe',
    },
    {
      what: 'text in Windows-1252',
      name: 'western.txt',
      bytes: Buffer.from('Gr\xf6\xdfe \x80 5', 'latin1'),
      ready: 'Größe € 5',
    },
    { what: 'text on one line of 5 MB', name: 'line.txt', bytes: 'a'.repeat(5_000_000), ready: 'aaaa' },
    {
      what: 'markdown with script and pictures',
      name: 'script.md',
      bytes: `# Title\n<script>alert(1)</script>\n![x](${canary}/x.png)\n`,
      ready: 'Title',
    },
    { what: 'text of white space', name: 'blank.txt', bytes: ' \n\n\t ', failed: 'empty' },
    { what: 'no text at all', name: 'empty.txt', bytes: '', failed: 'empty' },
  ];
}

function flatePdf(bytes: number): Buffer {
  const packed = deflateSync(Buffer.concat([Buffer.from(`${HELLO}\n`), Buffer.alloc(bytes, ' ')]), { level: 9 });
  return pdfPage(packed.toString('latin1'), { stream: '/Filter /FlateDecode' });
}
