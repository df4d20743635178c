/**
 * How wide one process is: `npm run bench:scale` (about twenty minutes with its defaults).
 *
 *   streams  2,000 readers of turns that say nothing and 200 running turns that are read, in one process; then readers that
 *            don't read. Memory, event-loop delay, lost events.
 *   api      200 requests a second, everything but models, with 10,000 rooms, a million messages and ten million usage rows.
 *            Latencies, and which large tables were read from end to end.
 *   beta     a thousand people in ten minutes: rooms, files, messages, readers, deletions and the purge, at once.
 *
 * Prints figures and asserts nothing. Options: --only streams|api|beta, --streams 2000, --turns 200, --rate 200 (or
 * several, one after the other on the same database: --rate 20,50,100,200), --rooms 10000, --usage 10000000, --people 1000,
 * --minutes 10.
 */
import { parseArgs } from 'node:util';
import { benchApi } from './scale/api.ts';
import { benchBeta } from './scale/beta.ts';
import { benchStreams } from './scale/streams.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    streams: { type: 'string', default: '2000' },
    turns: { type: 'string', default: '200' },
    rate: { type: 'string', default: '200' },
    rooms: { type: 'string', default: '10000' },
    usage: { type: 'string', default: '10000000' },
    people: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
  },
});
const parts = {
  streams: () => benchStreams({ streams: Number(values.streams), turns: Number(values.turns) }),
  api: () =>
    benchApi({
      rates: values.rate.split(',').map(Number),
      rooms: Number(values.rooms),
      usageRows: Number(values.usage),
    }),
  beta: () => benchBeta({ people: Number(values.people), minutes: Number(values.minutes) }),
};
for (const [name, run] of Object.entries(parts)) if (!values.only || values.only === name) await run();
