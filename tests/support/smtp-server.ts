/** A mail server that keeps what it is given, over real SMTP, or refuses or ignores it when told to. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type ReceivedMail = { from: string; to: string[]; data: string };

export type SmtpServer = {
  url: string;
  mails: readonly ReceivedMail[];
  /** `refuse` answers 450 to the recipient; `hang` never greets. */
  behave(how: 'accept' | 'refuse' | 'hang'): void;
  close(): Promise<void>;
};

export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let how: 'accept' | 'refuse' | 'hang' = 'accept';

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (how !== 'hang') converse(socket);
  });

  function converse(socket: Socket): void {
    let mail: ReceivedMail = { from: '', to: [], data: '' };
    let inData = false;
    let buffered = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 localhost ready');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      buffered += chunk;
      for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (inData) hearData(line);
        else hearCommand(line);
      }
    });

    function hearData(line: string): void {
      if (line !== '.') {
        mail.data += `${line.startsWith('..') ? line.slice(1) : line}\r\n`;
        return;
      }
      inData = false;
      mails.push(mail);
      mail = { from: '', to: [], data: '' };
      say('250 kept');
    }

    function hearCommand(line: string): void {
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      switch (line.slice(0, 4).toUpperCase()) {
        case 'EHLO':
        case 'HELO':
          return void say('250 localhost');
        case 'MAIL':
          mail.from = address;
          return void say('250 ok');
        case 'RCPT':
          if (how === 'refuse') return void say('450 mailbox is busy');
          mail.to.push(address);
          return void say('250 ok');
        case 'DATA':
          inData = true;
          return void say('354 go on');
        case 'QUIT':
          say('221 bye');
          return void socket.end();
        default:
          return void say('502 not known');
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?ignoreTLS=true`,
    mails,
    behave: (next) => void (how = next),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
