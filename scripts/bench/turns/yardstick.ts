import { createHash } from 'node:crypto';

const ROUNDS = 600;
const TURN = Array.from({ length: 200 }, (_, n) => ({
  id: n,
  type: 'step_delta',
  data: { text: `word${n} `.repeat(8) },
}));

/**
 * Milliseconds of processor time that the same piece of work takes: text to JSON, back and hashed, some 100 ms of it. A machine that is
 * shared may be half as quick from one minute to the next with nothing to be seen of it but this.
 */
export function yardstick(): number {
  const from = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = JSON.stringify(TURN);
    createHash('sha256')
      .update(JSON.stringify(JSON.parse(text)))
      .digest();
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
