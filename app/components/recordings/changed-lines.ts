export type ChangedLine = { sign: ' ' | '+' | '-' | '…'; text: string };

/** Lines beside a change that are shown with it. */
const AROUND = 2;

/** What stands differently between the beginning and the end that two texts share, with a little around it. */
export function changedLines(before: string, after: string): ChangedLine[] {
  const [then, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < then.length && head < now.length && then[head] === now[head]) head += 1;
  let tail = 0;
  const least = Math.min(then.length, now.length) - head;
  while (tail < least && then[then.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const same = (lines: string[]) => lines.map((text): ChangedLine => ({ sign: ' ', text }));
  const signed = (sign: '+' | '-', lines: string[]) => lines.map((text): ChangedLine => ({ sign, text }));
  const gap: ChangedLine[] = [{ sign: '…', text: '…' }];
  return [
    ...(head > AROUND ? gap : []),
    ...same(then.slice(Math.max(0, head - AROUND), head)),
    ...signed('-', then.slice(head, then.length - tail)),
    ...signed('+', now.slice(head, now.length - tail)),
    ...same(now.slice(now.length - tail, now.length - tail + AROUND)),
    ...(tail > AROUND ? gap : []),
  ];
}
