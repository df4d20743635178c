import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterFile } from './after-file.ts';

export type CuttingProxy = {
  url: string;
  /** Connections that were cut so far, in the middle of an answer. */
  readonly cuts: number;
  /** From now on each connection is cut after so many bytes of answers; Infinity leaves them whole. */
  cutAfter: (bytes: () => number) => void;
};

/** Passes TCP connections on to a server and breaks them off, as mobile networks and load balancers do. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let limit = () => Number.POSITIVE_INFINITY;
  let cuts = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let left = limit();
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (chunk.length < left) {
        left -= chunk.length;
        client.write(chunk);
        return;
      }
      upstream.destroy();
      cuts += 1;
      // What was written arrives, then the connection is reset.
      client.write(chunk.subarray(0, left), () => client.resetAndDestroy());
      left = 0;
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterFile(async () => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    cutAfter(bytes) {
      limit = bytes;
    },
  };
}
