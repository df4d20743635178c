#!/usr/bin/env node
/** Pantheon in a terminal. What it says goes to stdout, everything about it to stderr. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { ApiError, Pantheon, PantheonError, type RoomHandle, type Turn } from '../../sdk/src/index.ts';

const USAGE = `pantheon <command>

  rooms                                   your rooms
  chat <room>                             talk with a room; Ctrl+C stops the turn, Ctrl+D leaves
  send <room> <message> [--file <path>]…  send one message, with files
  stop <turn>                             stop a turn
  receipt <turn>                          what a turn cost, call by call
  export <room> [--out <path>]            a room as a file
  import <path>                           a room from a file

<room> is an id or a name. PANTHEON_URL (default http://localhost:3000) and PANTHEON_API_KEY say where and who.
`;

const TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { file: { type: 'string', multiple: true }, out: { type: 'string' }, help: { type: 'boolean' } },
});
const [command = 'help', subject = '', ...words] = positionals;

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof PantheonError)) throw error;
  const request = error instanceof ApiError ? ` (${error.code}, request ${error.requestId})` : '';
  tell(`${error.message}${request}`);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  if (values.help || command === 'help') return print(USAGE);
  const apiKey = process.env['PANTHEON_API_KEY'];
  if (!apiKey) return refuse('Set PANTHEON_API_KEY: keys are made in Settings → API keys.');
  const pantheon = new Pantheon({ baseUrl: process.env['PANTHEON_URL'] ?? 'http://localhost:3000', apiKey });
  switch (command) {
    case 'rooms':
      for await (const { id, name, currentMode } of pantheon.rooms.list()) print(`${id}  ${currentMode}  ${name}\n`);
      return 0;
    case 'chat':
      return chat(await findRoom(pantheon, subject));
    case 'send': {
      const room = await findRoom(pantheon, subject);
      const fileIds = await Promise.all((values.file ?? []).map((path) => upload(room, path)));
      return speak(await room.send(words.join(' '), { fileIds }));
    }
    case 'stop':
      tell((await (await pantheon.turn(subject)).stop()).status);
      return 0;
    case 'receipt':
      return printReceipt(await pantheon.turn(subject));
    case 'export': {
      const { id } = await findRoom(pantheon, subject);
      const room = await pantheon.call('get', '/api/v1/rooms/{roomId}/export', { path: { roomId: id } });
      const text = `${JSON.stringify(room, null, 2)}\n`;
      if (values.out === undefined) return print(text);
      await writeFile(values.out, text);
      return 0;
    }
    case 'import': {
      const body = JSON.parse(await readFile(subject, 'utf8')) as never;
      return print(`${(await pantheon.call('post', '/api/v1/rooms/import', { body })).id}\n`);
    }
    default:
      return refuse(`There is no command “${command}”.\n\n${USAGE}`);
  }
}

async function chat(room: RoomHandle): Promise<number> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let turn: Turn | null = null;
  const stop = () => (turn ? void turn.stop() : lines.close());
  lines.on('SIGINT', stop);
  lines.setPrompt('> ');
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      try {
        turn = await room.send(line);
        await speak(turn);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        tell(error.message);
      }
      turn = null;
    }
    lines.prompt();
  }
  return 0;
}

/** Prints the turn as it comes: who speaks first is told first, the others when they have finished. */
async function speak(turn: Turn): Promise<number> {
  let speaker: string | null = null;
  const waiting = new Map<string, string>();
  const names = new Map<string, string>();
  for await (const event of turn.events()) {
    if (event.type === 'step_started') {
      names.set(event.stepId, event.data.agentName);
      waiting.set(event.stepId, '');
    } else if (event.type === 'step_delta') {
      if (speaker === null) {
        speaker = event.stepId;
        print(`\n${names.get(speaker) ?? ''}:\n`);
      }
      if (event.stepId === speaker) print(event.data.text);
      else waiting.set(event.stepId, (waiting.get(event.stepId) ?? '') + event.data.text);
    } else if (event.type === 'step_completed' || event.type === 'step_failed') {
      if (event.stepId === speaker) speaker = null;
      else if (waiting.get(event.stepId)) print(`\n${event.data.agentName}:\n${waiting.get(event.stepId) ?? ''}`);
      if (event.data.error) tell(`${event.data.agentName} failed: ${event.data.error.message}`);
      print('\n');
    }
  }
  const { status, chargedMicroCredits, error } = turn.data;
  tell(
    `${status}, ${Number(chargedMicroCredits) / 1_000_000} credits, turn ${turn.id}${error ? `: ${error.message}` : ''}`,
  );
  return status === 'completed' ? 0 : 1;
}

async function printReceipt(turn: Turn): Promise<number> {
  const { calls, tools, sumMicroCredits, pricingVersion } = await turn.receipt();
  for (const call of calls) print(`${call.agentName}  ${call.model}  ${call.formula}\n`);
  for (const { tool, units, chargedMicroCredits } of tools) print(`${tool}  ${units}  ${chargedMicroCredits}\n`);
  return print(`${Number(sumMicroCredits) / 1_000_000} credits by ${pricingVersion.name}\n`);
}

async function upload(room: RoomHandle, path: string): Promise<string> {
  const mimeType = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const data = new Uint8Array(await readFile(path));
  return (await room.upload({ name: basename(path), mimeType, data })).id;
}

async function findRoom(pantheon: Pantheon, idOrName: string): Promise<RoomHandle> {
  const found: string[] = [];
  for await (const { id, name } of pantheon.rooms.list()) if (id === idOrName || name === idOrName) found.push(id);
  const [id, other] = found;
  if (id === undefined) throw new PantheonError(`There is no room “${idOrName}”.`);
  if (other !== undefined) throw new PantheonError(`There are several rooms “${idOrName}”. Name one by its id.`);
  return pantheon.room(id);
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function refuse(text: string): number {
  tell(text);
  return 2;
}
