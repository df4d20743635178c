/** One line for the person at the terminal; not a log. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
