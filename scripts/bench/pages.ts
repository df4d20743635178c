/**
 * What a browser fetches before a page works: `npm run bench:pages` prints the JavaScript of each page (kB of gzip), the
 * style sheets, and what is fetched only when it is needed. `tests/architecture/page-weight.test.ts` holds the limit.
 */
import { ensureBuilt } from '../ensure-built.ts';
import { weighPages, type Weight } from '../page-weights.ts';
import { say } from '../say.ts';

await ensureBuilt();
const { pages, later, styles } = await weighPages();
print('Page: JavaScript (kB, gzip)', pages);
print('Styles', styles);
print('Fetched when it is needed', later);

function print(title: string, weights: readonly Weight[]): void {
  say(title);
  for (const { name, kB } of weights) say(`  ${kB.toFixed(1).padStart(7)}  ${name}`);
}
