const COMMANDS = {
  rooms: {
    usage: 'rooms',
    about: 'your rooms: id, mode, name',
    more: '',
  },
  chat: {
    usage: 'chat <room>',
    about: 'talk with a room',
    more: `Each line is a message. Ctrl+C stops the turn that runs; with none running, Ctrl+C or Ctrl+D leaves.
/receipt shows what the last turn cost, call by call.

  pantheon chat Council
`,
  },
  send: {
    usage: 'send <room> <message> [--file <path>]…',
    about: 'send one message, with files',
    more: `Files are uploaded to the room and read before the message is sent: PDF, DOCX, TXT, MD, CSV.
With - as the message it is read from standard input. Ctrl+C stops the turn.
The answers go to standard output, everything about them to standard error.

  pantheon send Council "@all what do you make of this?" --file report.pdf
  pantheon send Council - < question.md > answer.md
`,
  },
  stop: { usage: 'stop <turn>', about: 'stop a turn', more: '' },
  receipt: { usage: 'receipt <turn>', about: 'what a turn cost, call by call', more: '' },
  export: {
    usage: 'export <room> [--out <path>]',
    about: 'a room as a file',
    more: 'Its agents, settings and messages, as JSON that import takes. Without --out it goes to standard output.\n',
  },
  import: { usage: 'import <path>', about: 'a room from a file', more: 'Prints the id of the new room.\n' },
} as const;

/** What can be done, or all about one command. */
export function help(command?: string): string {
  const one = Object.entries(COMMANDS).find(([name]) => name === command)?.[1];
  if (one) return `pantheon ${one.usage}\n\n${one.about}\n${one.more === '' ? '' : `\n${one.more}`}`;
  const lines = Object.values(COMMANDS).map(({ usage, about }) => `  ${usage.padEnd(40)}${about}`);
  return `pantheon <command>

${lines.join('\n')}
  ${'help [<command>]'.padEnd(40)}this, or more about one command

<room> is an id or a name.

PANTHEON_API_KEY  who: a key from Settings → API keys
PANTHEON_URL      where (http://localhost:3000)

Exit status: 0 done, 1 refused or failed, 2 not understood, 130 stopped with Ctrl+C.
`;
}
