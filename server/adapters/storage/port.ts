/**
 * Keeps bytes under keys that we make. An address that it signs can be used by whoever has it, until it expires and for
 * that one thing. Bytes are written once: a second upload to a key is refused unless it brings the same bytes.
 */
export type StoragePort = {
  readonly kind: 'disk' | 'supabase';
  /**
   * A PUT of exactly `size` bytes. An address without an origin is on this server. With `pieceBytes` they may come in pieces,
   * each with its `Content-Range`, so that an upload that broke off goes on where it stopped; else it begins again.
   */
  signUpload(key: string, upload: SignedUpload): Promise<SignedAddress>;
  /** A GET that is answered as an attachment of this name. */
  signDownload(key: string, download: SignedDownload): Promise<{ url: string }>;
  /** Null when nothing was uploaded. Throws StorageError. */
  sizeOf(key: string): Promise<number | null>;
  /** Throws StorageError, `missing` among its codes. */
  read(key: string, options: { maxBytes: number }): Promise<Buffer>;
  /** What is gone already is no error. */
  delete(keys: string[]): Promise<void>;
  /** Answers requests to the addresses above, where they lead to this server; absent elsewhere. */
  answer?(request: Request): Promise<Response>;
};

export type SignedAddress = { url: string; headers: Record<string, string>; pieceBytes?: number };
export type SignedUpload = { size: number; mimeType: string; expiresAt: Date };
export type SignedDownload = { name: string; mimeType: string; expiresAt: Date };

/** `unavailable` may pass; trying again later makes sense. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'missing' | 'too_large' | 'unavailable' | 'refused';

  constructor(code: StorageError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Keys are ours, and no path can be made of one. */
export function assertKey(key: string): void {
  if (!/^[0-9a-f][0-9a-f-]{7,63}$/.test(key)) throw new StorageError('missing', 'Not a storage key.');
}
