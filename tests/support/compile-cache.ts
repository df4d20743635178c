import { join } from 'node:path';

/** For processes that tests start: what the first one of them compiled, the others only read. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/compile'),
};
