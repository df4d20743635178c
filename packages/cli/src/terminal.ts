/** What was said goes to stdout. */
export function print(text: string): 0 {
  process.stdout.write(plain(text));
  return 0;
}

/** Everything about it goes to stderr. */
export function tell(text: string): void {
  process.stderr.write(`${plain(text)}\n`);
}

/** Without the characters that a terminal obeys: what models and names say is for reading. */
function plain(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
