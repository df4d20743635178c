import { common, createLowlight } from 'lowlight';

const lowlight = createLowlight(common);

/** Colours code beside the page, which goes on meanwhile: asked `{ id, code, language }`, it answers `{ id, nodes }`. */
self.addEventListener('message', ({ data }: MessageEvent<{ id: number; code: string; language: string }>) => {
  const { id, code, language } = data;
  const nodes = lowlight.registered(language) ? lowlight.highlight(language, code).children : null;
  postMessage({ id, nodes });
});
