import { plainText } from '#server/platform/plain-text.ts';

/** `plainText` for text that comes in pieces: a surrogate pair may be torn between two of them. */
export function createTextCleaner() {
  let torn = '';
  return {
    push(piece: string): string {
      let text = torn + piece;
      torn = '';
      const last = text.charCodeAt(text.length - 1);
      if (last >= 0xd800 && last <= 0xdbff) {
        torn = text.slice(-1);
        text = text.slice(0, -1);
      }
      return plainText(text);
    },
  };
}
