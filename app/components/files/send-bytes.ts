import type { CreatedFile } from '#server/files/contract.ts';
import { ApiProblem } from '#app/components/api.ts';

/** The bytes did not get through; they may when the connection is back. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** The address took nothing, because it has expired. */
export class AddressExpired extends Error {
  override readonly name = 'AddressExpired';
}

type Sending = {
  upload: CreatedFile['upload'];
  source: File;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (share: number) => void;
};

/**
 * Brings a file’s bytes to their address; in pieces where it takes them so, beginning where an earlier attempt ended. Throws
 * ConnectionLost, AddressExpired, ApiProblem, and the signal’s reason.
 */
export async function sendBytes(sending: Sending): Promise<void> {
  const { upload, source, onProgress } = sending;
  if (upload.pieceBytes === undefined || source.size === 0) {
    const answer = await put(sending, source, null, (sent) => onProgress(share(sent, source.size)));
    // Taken before: the answer to it was lost.
    if (answer.status !== 409) assertTaken(answer);
    return;
  }
  let received = await askReceived(sending);
  while (received !== null) {
    const from = received;
    onProgress(share(from, source.size));
    const to = Math.min(from + upload.pieceBytes, source.size);
    const answer = await put(sending, source.slice(from, to), `bytes ${from}-${to - 1}/${source.size}`, (sent) =>
      onProgress(share(from + sent, source.size)),
    );
    received = readReceived(answer);
  }
}

async function askReceived(sending: Sending): Promise<number | null> {
  return readReceived(await put(sending, null, `bytes */${sending.source.size}`, () => undefined));
}

type Answer = { status: number; text: string };

/** Null when all is there. */
function readReceived(answer: Answer): number | null {
  assertTaken(answer);
  if (answer.status !== 202) return null;
  const { received } = JSON.parse(answer.text) as { received: number };
  return received;
}

function assertTaken({ status, text }: Answer): void {
  if (status < 300) return;
  if (status >= 500 || status === 429) throw new ConnectionLost();
  if (status === 403) throw new AddressExpired();
  let document: Record<string, unknown> = { detail: 'The storage did not take the file. Try again.' };
  try {
    document = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Another storage’s words are not for people.
  }
  throw new ApiProblem(status, document);
}

/** By XMLHttpRequest: fetch doesn’t tell how much was sent. */
function put(
  { upload, signal }: Sending,
  body: Blob | null,
  range: string | null,
  onSent: (bytes: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    if (range !== null) request.setRequestHeader('Content-Range', range);
    const abort = () => request.abort();
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(new ConnectionLost());
    request.onabort = () => reject(new DOMException('It was called off.', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    request.send(body);
  });
}

function share(sent: number, size: number): number {
  return size === 0 ? 1 : Math.min(1, sent / size);
}
