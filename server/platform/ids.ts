import { v7 } from 'uuid';

/** A new UUIDv7: sorts by creation time to the millisecond. */
export function newId(): string {
  return v7();
}
