#!/usr/bin/env node
/** Pantheon in a terminal. What it says goes to stdout, everything about it to stderr. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ApiError, Pantheon, PantheonError, type RoomHandle } from '../../sdk/src/index.ts';
import { chat } from './chat.ts';
import { help } from './help.ts';
import { printReceipt } from './print-receipt.ts';
import { speak } from './speak.ts';
import { print, tell } from './terminal.ts';

const TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
};

const OPTIONS = {
  file: { type: 'string', multiple: true },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What was typed can’t be meant. */
class Misunderstood extends Error {}

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof ApiError) tell(`${error.message} (${error.code}, request ${error.requestId})`);
  else if (error instanceof PantheonError || error instanceof Misunderstood || isFileError(error)) tell(error.message);
  else throw error;
  process.exitCode = error instanceof Misunderstood ? 2 : 1;
}

async function run(): Promise<number> {
  const { values, positionals } = read();
  const [command = 'help', subject = '', ...words] = positionals;
  if (command === 'help') return print(help(subject));
  if (values.help) return print(help(command));
  const apiKey = process.env['PANTHEON_API_KEY'];
  if (!apiKey) throw new Misunderstood('Set PANTHEON_API_KEY: keys are made in Settings → API keys.');
  const pantheon = new Pantheon({ baseUrl: process.env['PANTHEON_URL'] ?? 'http://localhost:3000', apiKey });
  const needs = (what: string) => {
    if (subject === '') throw new Misunderstood(`Which ${what}?\n\n${help(command)}`);
  };
  switch (command) {
    case 'rooms':
      for await (const { id, name, currentMode } of pantheon.rooms.list()) print(`${id}  ${currentMode}  ${name}\n`);
      return 0;
    case 'chat':
      needs('room');
      return chat(await findRoom(pantheon, subject));
    case 'send': {
      needs('room');
      const said = words.join(' ');
      const message = said === '-' ? await text(process.stdin) : said;
      if (message.trim() === '') throw new Misunderstood(`Which message?\n\n${help(command)}`);
      const files = await Promise.all((values.file ?? []).map(open));
      const room = await findRoom(pantheon, subject);
      const fileIds = await Promise.all(files.map(async (file) => (await room.upload(file)).id));
      return speak(room.send(message, { fileIds }));
    }
    case 'stop':
      needs('turn');
      tell((await (await pantheon.turn(subject)).stop()).status);
      return 0;
    case 'receipt':
      needs('turn');
      return printReceipt(await pantheon.turn(subject));
    case 'export': {
      needs('room');
      const { id } = await findRoom(pantheon, subject);
      const room = await pantheon.call('get', '/api/v1/rooms/{roomId}/export', { path: { roomId: id } });
      const json = `${JSON.stringify(room, null, 2)}\n`;
      if (values.out === undefined) return print(json);
      await writeFile(values.out, json);
      return 0;
    }
    case 'import': {
      needs('file');
      const body = parse(subject, await readFile(subject, 'utf8'));
      return print(`${(await pantheon.call('post', '/api/v1/rooms/import', { body })).id}\n`);
    }
    default:
      throw new Misunderstood(`There is no command “${command}”.\n\n${help()}`);
  }
}

function read() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new Misunderstood(`${error instanceof Error ? error.message : String(error)}\n\n${help()}`);
  }
}

function parse(path: string, json: string): never {
  try {
    return JSON.parse(json) as never;
  } catch {
    throw new PantheonError(`${path} is not JSON. A room’s file is what export writes.`);
  }
}

/** A file is looked at before anything is sent. */
async function open(path: string) {
  const mimeType = TYPES[extname(path).toLowerCase()];
  if (mimeType === undefined) throw new PantheonError(`${path}: only ${Object.keys(TYPES).join(', ')} can be read.`);
  return { name: basename(path), mimeType, data: new Uint8Array(await readFile(path)) };
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

async function findRoom(pantheon: Pantheon, idOrName: string): Promise<RoomHandle> {
  const found: string[] = [];
  for await (const { id, name } of pantheon.rooms.list()) if (id === idOrName || name === idOrName) found.push(id);
  const [id, other] = found;
  if (id === undefined) throw new PantheonError(`There is no room “${idOrName}”. “pantheon rooms” lists yours.`);
  if (other !== undefined) throw new PantheonError(`There are several rooms “${idOrName}”. Name one by its id.`);
  return pantheon.room(id);
}
