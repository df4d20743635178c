import { eachOf } from './page.ts';
import { PantheonError } from './errors.ts';
import type { Transport } from './transport.ts';
import { Turn } from './turn.ts';
import type { File as StoredFile, Message, Quote } from './types.ts';

export type SendOptions = {
  fileIds?: string[];
  /** Where the conversation goes on: after this turn, on a branch of its own. */
  parentTurnId?: string | null;
  /** Default: a new one, so that the send can be tried again without being done twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

export type Upload = { name: string; mimeType: string; data: Blob | Uint8Array<ArrayBuffer> | string };

type Kind = 'room' | 'direct';

/** What rooms and direct chats have in common. */
export class Conversation {
  readonly id: string;
  protected readonly transport: Transport;
  readonly #kind: Kind;

  constructor(transport: Transport, kind: Kind, id: string) {
    this.transport = transport;
    this.#kind = kind;
    this.id = id;
  }

  /** Sends a message; the turn that it begins goes on by itself. */
  async send(message: string, options: SendOptions = {}): Promise<Turn> {
    const { idempotencyKey = crypto.randomUUID(), signal, ...rest } = options;
    const request = { body: { message, fileIds: [], ...rest }, idempotencyKey, signal };
    const { turn } = await (this.#kind === 'room'
      ? this.transport.call('post', '/api/v1/rooms/{roomId}/turns', { ...request, path: { roomId: this.id } })
      : this.transport.call('post', '/api/v1/direct-sessions/{directSessionId}/turns', {
          ...request,
          path: { directSessionId: this.id },
        }));
    return new Turn(this.transport, turn);
  }

  /** What a send would cost; never above what it would reserve. */
  async quote(message: string, fileIds: string[] = []): Promise<Quote> {
    const body = { message, fileIds };
    return this.#kind === 'room'
      ? this.transport.call('post', '/api/v1/rooms/{roomId}/quote', { body, path: { roomId: this.id } })
      : this.transport.call('post', '/api/v1/direct-sessions/{directSessionId}/quote', {
          body,
          path: { directSessionId: this.id },
        });
  }

  /** Of the active branch or of `branch`, oldest first. */
  messages({ branch }: { branch?: string } = {}): AsyncGenerator<Message> {
    return eachOf((cursor) =>
      this.#kind === 'room'
        ? this.transport.call('get', '/api/v1/rooms/{roomId}/messages', {
            path: { roomId: this.id },
            query: { cursor, branch, limit: 200 },
          })
        : this.transport.call('get', '/api/v1/direct-sessions/{directSessionId}/messages', {
            path: { directSessionId: this.id },
            query: { cursor, branch, limit: 200 },
          }),
    );
  }

  /** Newest first, page by page; within a page oldest first. */
  turns({ branch }: { branch?: string } = {}): AsyncGenerator<Turn> {
    const pages = eachOf((cursor) =>
      this.#kind === 'room'
        ? this.transport.call('get', '/api/v1/rooms/{roomId}/turns', {
            path: { roomId: this.id },
            query: { cursor, branch },
          })
        : this.transport.call('get', '/api/v1/direct-sessions/{directSessionId}/turns', {
            path: { directSessionId: this.id },
            query: { cursor, branch },
          }),
    );
    return this.#asTurns(pages);
  }

  async *#asTurns(datas: AsyncGenerator<Turn['data']>): AsyncGenerator<Turn> {
    for await (const data of datas) yield new Turn(this.transport, data);
  }

  files(): AsyncGenerator<StoredFile> {
    return eachOf((cursor) =>
      this.#kind === 'room'
        ? this.transport.call('get', '/api/v1/rooms/{roomId}/files', { path: { roomId: this.id }, query: { cursor } })
        : this.transport.call('get', '/api/v1/direct-sessions/{directSessionId}/files', {
            path: { directSessionId: this.id },
            query: { cursor },
          }),
    );
  }

  /** Brings a file into the conversation and waits until it can be read. Throws when it can’t be parsed. */
  async upload({ name, mimeType, data }: Upload, { signal }: { signal?: AbortSignal } = {}): Promise<StoredFile> {
    const blob = new Blob([data], { type: mimeType });
    const body = { name, mimeType, size: blob.size };
    const { file, upload } = await (this.#kind === 'room'
      ? this.transport.call('post', '/api/v1/rooms/{roomId}/files', { body, path: { roomId: this.id }, signal })
      : this.transport.call('post', '/api/v1/direct-sessions/{directSessionId}/files', {
          body,
          path: { directSessionId: this.id },
          signal,
        }));
    const path = { fileId: file.id };
    await this.transport.put(upload.url, blob, upload.headers, signal);
    let now = (await this.transport.call('post', '/api/v1/files/{fileId}/complete', { path, signal })).file;
    for (let asked = 0; now.status === 'parsing' || now.status === 'uploading'; asked += 1) {
      await this.transport.pause(Math.min(asked, 3), null, signal);
      now = await this.transport.call('get', '/api/v1/files/{fileId}', { path, signal });
    }
    if (now.status === 'failed') throw new PantheonError(now.error?.message ?? `“${name}” could not be read.`);
    return now;
  }
}
