/** What is read from a file: pages of a PDF, sections of a document, runs of rows of a table. */
export type ParsedPage = { number: number; title: string; text: string };

export type Column = {
  name: string;
  type: 'number' | 'date' | 'boolean' | 'text';
  filled: number;
  distinct: number;
  min?: string;
  max?: string;
  mean?: string;
  examples: string[];
};

export type ParsedDetails = {
  encoding?: string;
  /** True when the file says more than is kept. */
  cutOff?: boolean;
  table?: { delimiter: string; header: boolean; rows: number; raggedRows: number; columns: Column[] };
};

export type Parsed = { pages: ParsedPage[]; pageCount: number; details: ParsedDetails };

export type FailureCode =
  'encrypted' | 'empty' | 'no_text' | 'corrupt' | 'too_large' | 'timeout' | 'memory' | 'crashed' | 'invalid_query';

/** A file that can't be read; `message` is for a person. */
export class ParseFailure extends Error {
  override readonly name = 'ParseFailure';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const WORDS: Record<Exclude<FailureCode, 'invalid_query'>, string> = {
  encrypted: 'This file is protected by a password. Remove the password and upload it again.',
  empty: 'This file is empty. Choose one that has text in it.',
  no_text:
    'This PDF has pages but no text: it looks like a scan. Run text recognition (OCR) on it and upload it again.',
  corrupt:
    'This file is damaged or cut off, so it can’t be read. Open it where it was made, save it again and upload that.',
  too_large:
    'This file unpacks to far more than it should, so it was not read. Save its text as a new file and upload that.',
  timeout: 'Reading this file took longer than 20 seconds, so it was given up. Split it into smaller files.',
  memory: 'Reading this file took too much memory, so it was given up. Split it into smaller files.',
  crashed:
    'This file could not be read: the parser gave up on it. Save it in another format, such as PDF or TXT, and upload that.',
};

export function parseFailure(code: keyof typeof WORDS): ParseFailure {
  return new ParseFailure(code, WORDS[code]);
}
