import type { TextFilter } from '#graphs/ports.ts';
import { storableText } from '#server/turns/append-events.ts';

/**
 * A step's text as it goes to readers: what `emit` got, joined, is `text`, to the character.
 * A surrogate pair that a provider splits over two chunks is kept together.
 */
export function createStepText(makeFilter: () => TextFilter, emit: (text: string) => void) {
  let filter = makeFilter();
  let text = '';
  let half = '';
  let apart = false;

  function pass(filtered: string): void {
    const clean = storableText(filtered);
    if (clean === '') return;
    const piece = apart && text !== '' ? `\n\n${clean}` : clean;
    apart = false;
    text += piece;
    emit(piece);
  }

  return {
    push(raw: string): void {
      const joined = half + raw;
      const last = joined.charCodeAt(joined.length - 1);
      half = last >= 0xd800 && last <= 0xdbff ? joined.slice(-1) : '';
      pass(filter.push(half === '' ? joined : joined.slice(0, -1)));
    },
    /** Ends what one reply said; what the next one says stands apart from it. */
    endReply(): void {
      this.end();
      filter = makeFilter();
      apart = true;
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
