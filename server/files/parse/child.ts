/**
 * The process that reads one file, started by run-child.ts with an empty environment and nothing but this folder and the
 * libraries to read. Standard input: the order as one line of JSON, then the bytes. Standard output: the answer as JSON.
 * Descriptor 3: how many per cent are read, line by line.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { writeSync } from 'node:fs';
import net from 'node:net';
import type { FileKind } from '../contract.ts';
import { ParseFailure, parseFailure, type Parsed } from './parsed.ts';
import type { TableAnswer, TableQuery } from './query-table.ts';

export type Order = { do: 'parse'; kind: FileKind } | { do: 'query'; query: TableQuery };
export type Answer =
  | { ok: true; parsed: Parsed }
  | { ok: true; answer: TableAnswer }
  | { ok: false; code: ParseFailure['code']; message: string };

async function carryOut(order: Order, bytes: Buffer): Promise<Answer> {
  if (order.do === 'query') {
    const { queryTable } = await import('./query-table.ts');
    return { ok: true, answer: queryTable(bytes, order.query) };
  }
  return { ok: true, parsed: await parse(order.kind, bytes) };
}

async function parse(kind: FileKind, bytes: Buffer): Promise<Parsed> {
  switch (kind) {
    case 'pdf':
      return (await import('./parse-pdf.ts')).parsePdf(bytes, tellProgress);
    case 'docx':
      return (await import('./parse-docx.ts')).parseDocx(bytes);
    case 'txt':
      return (await import('./parse-text.ts')).parsePlainText(bytes);
    case 'md':
      return (await import('./parse-text.ts')).parseMarkdown(bytes);
    case 'csv':
      return (await import('./parse-csv.ts')).parseCsv(bytes);
  }
}

function tellProgress(percent: number): void {
  try {
    writeSync(3, `${percent}\n`);
  } catch {
    // Nobody listens; that is no reason to stop reading.
  }
}

/** No library that is led astray by a file gets anywhere. */
function cutOffNetwork(): void {
  const refuse = () => {
    throw new Error('There is no network here.');
  };
  net.Socket.prototype.connect = refuse;
  dgram.createSocket = refuse;
  Object.assign(dns, { lookup: refuse, resolve: refuse });
  Object.assign(globalThis, { fetch: refuse, WebSocket: refuse, EventSource: refuse });
}

cutOffNetwork();
const input = Buffer.concat((await process.stdin.toArray()) as Buffer[]);
const newline = input.indexOf(10);
const order = JSON.parse(input.toString('utf8', 0, newline)) as Order;
const answer = await carryOut(order, input.subarray(newline + 1)).catch((error: unknown): Answer => {
  const { code, message } = error instanceof ParseFailure ? error : parseFailure('corrupt');
  return { ok: false, code, message };
});
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
