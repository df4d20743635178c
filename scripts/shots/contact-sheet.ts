export type Shot = { scene: string; file: string; theme: string; width: number; height: number; note?: string };

/** One page with every picture, grouped by scene, for a look at all of them. */
export function contactSheet(shots: readonly Shot[]): string {
  const scenes = [...new Set(shots.map(({ scene }) => scene))];
  const figure = ({ file, theme, width, note }: Shot) =>
    `<figure><a href="${file}"><img loading="lazy" src="${file}" alt=""></a><figcaption>${theme}, ${width} px${note ? ` · <b>${note}</b>` : ''}</figcaption></figure>`;
  const section = (scene: string) =>
    `<section id="${scene}"><h2>${scene}</h2><div>${shots
      .filter((shot) => shot.scene === scene)
      .map(figure)
      .join('')}</div></section>`;
  return `<!doctype html><meta charset="utf-8"><title>Pantheon, ${shots.length} pictures</title>
<style>
  body { font: 14px system-ui; margin: 2rem; background: #888; color: #fff }
  div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
  figure { margin: 0 } figcaption { padding: .25rem 0 }
  img { height: 360px; max-width: 90vw; object-fit: cover; object-position: top; display: block }
  a { color: inherit } h2 { margin: 2rem 0 .5rem }
</style>
<nav>${scenes.map((scene) => `<a href="#${scene}">${scene}</a>`).join(' · ')}</nav>
${scenes.map(section).join('\n')}`;
}
