import type { TextFilter } from '#graphs/ports.ts';
import { storableText } from '#server/turns/append-events.ts';

/**
 * A step's text as it goes to readers: what `emit` got, joined, is `text`, to the character.
 * A surrogate pair that a provider splits over two chunks is kept together.
 */
export function createStepText(filter: TextFilter, emit: (text: string) => void) {
  let text = '';
  let half = '';

  function pass(piece: string): void {
    const clean = storableText(piece);
    if (clean === '') return;
    text += clean;
    emit(clean);
  }

  return {
    push(raw: string): void {
      const joined = half + raw;
      const last = joined.charCodeAt(joined.length - 1);
      half = last >= 0xd800 && last <= 0xdbff ? joined.slice(-1) : '';
      pass(filter.push(half === '' ? joined : joined.slice(0, -1)));
    },
    end(): string {
      pass(filter.push(half) + filter.end());
      half = '';
      return text;
    },
    get text(): string {
      return text;
    },
  };
}
export type StepText = ReturnType<typeof createStepText>;
