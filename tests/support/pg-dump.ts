/**
 * The real pg_dump (of PostgreSQL 18, compiled to WebAssembly, from npm) against a real server: `node pg-dump.ts URL` prints
 * the dump. PGlite's build of it speaks the wire protocol through a function that has to answer at once, so the socket is in a
 * thread of its own, and this one waits.
 */
import { connect } from 'node:net';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';

/** state, length; then the bytes. States: 0 nobody’s turn, 1 to be sent, 2 answered. */
const SIZE = 64 * 1024 * 1024;

if (isMainThread) await dump(process.argv[2] ?? '');
else serve(workerData as { shared: SharedArrayBuffer; host: string; port: number });

async function dump(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const shared = new SharedArrayBuffer(SIZE + 8);
  const [signal, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(new URL(import.meta.url), { workerData: { shared, host: hostname, port: Number(port) } });
  worker.unref();
  const pg = {
    query: async () => ({ rows: [{ search_path: 'public' }] }),
    exec: async () => [],
    execProtocolRawStream(sent: Uint8Array, { onRawData }: { onRawData: (data: Uint8Array) => void }) {
      bytes.set(sent);
      Atomics.store(signal, 1, sent.length);
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
      if (Atomics.wait(signal, 0, 1, 60_000) === 'timed-out') throw new Error('The server does not answer.');
      onRawData(bytes.slice(0, Atomics.load(signal, 1)));
    },
  };
  const file = await pgDump({ pg: pg as unknown as Parameters<typeof pgDump>[0]['pg'], args: ['-d', url] });
  process.stdout.write(await file.text());
  await worker.terminate();
}

/** Sends what is asked; answers when the server waits for more: it is ready, wants a password, or has hung up. */
function serve({ shared, host, port }: { shared: SharedArrayBuffer; host: string; port: number }): void {
  const [signal, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const socket = connect(port, host);
  let unsent = Buffer.alloc(0);
  let begun = false;
  let got = Buffer.alloc(0);
  const answer = (data: Buffer) => {
    bytes.set(data);
    Atomics.store(signal, 1, data.length);
    Atomics.store(signal, 0, 2);
    Atomics.notify(signal, 0);
    got = Buffer.alloc(0);
    next();
  };
  const next = () => {
    void Atomics.waitAsync(signal, 0, 2).value;
    const wait = () => {
      if (Atomics.load(signal, 0) !== 1) return void setImmediate(wait);
      const sent = Buffer.from(bytes.slice(0, Atomics.load(signal, 1)));
      socket.write(sent);
      unsent = Buffer.concat([unsent, sent]);
      if (!isQuestion()) answer(Buffer.alloc(0));
    };
    wait();
  };
  /** Whether what was sent ends with a message that the server answers. */
  const isQuestion = () => {
    let asks = false;
    for (;;) {
      const head = begun ? 1 : 0;
      if (unsent.length < head + 4) return asks;
      const length = unsent.readInt32BE(head) + head;
      if (unsent.length < length) return asks;
      asks = !begun || 'QSp'.includes(String.fromCharCode(unsent[0] ?? 0));
      begun = true;
      unsent = unsent.subarray(length);
    }
  };
  socket.on('data', (chunk) => {
    got = Buffer.concat([got, chunk]);
    for (let at = 0; at + 5 <= got.length;) {
      const type = String.fromCharCode(got[at] ?? 0);
      const end = at + 1 + got.readInt32BE(at + 1);
      if (end > got.length) return;
      const waits = type === 'Z' || (type === 'R' && ![0, 12].includes(got.readInt32BE(at + 5)));
      if (waits && end === got.length) return answer(got);
      at = end;
    }
  });
  socket.on('close', () => answer(got));
  socket.on('error', () => answer(got));
  next();
}
