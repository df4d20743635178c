import { createInterface } from 'node:readline/promises';
import { ApiError, type RoomHandle, type Turn } from '../../sdk/src/index.ts';
import { printReceipt } from './print-receipt.ts';
import { speak } from './speak.ts';
import { tell } from './terminal.ts';

/** A conversation line by line, until there is no more to read. */
export async function chat(room: RoomHandle): Promise<number> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let last: Turn | null = null;
  let answering = false;
  // A terminal hands Ctrl+C to the line editor; without one the process gets it, and its own handlers.
  lines.on('SIGINT', () => (answering ? process.emit('SIGINT') : lines.close()));
  lines.setPrompt('> ');
  lines.prompt();
  for await (const line of lines) {
    answering = true;
    try {
      if (line.trim() === '/receipt') {
        if (last) await printReceipt(last);
        else tell('Nothing was said yet.');
      } else if (line.trim() !== '') {
        const sending = room.send(line);
        await speak(sending);
        last = await sending;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tell(error.message);
    }
    answering = false;
    lines.prompt();
  }
  return 0;
}
