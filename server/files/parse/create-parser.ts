import type { Order } from './child.ts';
import { runChild, type ChildRun } from './run-child.ts';

export type Parser = {
  /** Waits for its turn: a few files are read at a time, whoever asks. */
  run(order: Order, bytes: Buffer, signal?: AbortSignal, onProgress?: (percent: number) => void): Promise<ChildRun>;
};

export function createParser({ atOnce }: { atOnce: number }): Parser {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return {
    async run(order, bytes, signal, onProgress) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await runChild(order, bytes, signal, onProgress);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
