/** A name for one send, so that a retry is not a second send. (`randomUUID` exists on secure pages only.) */
export function requestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
