import { ensureClient } from './ensure-built.ts';

await ensureClient();
