type Redoc = {
  init: (spec: string, options: Record<string, unknown>, element: HTMLElement, done: (error?: Error) => void) => void;
};
declare global {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged into the browser's own
  interface Window {
    Redoc?: Redoc;
  }
}

const HEADER_PIXELS = 56;

/** Loads the reader and has it show the API’s description, in the colours of the page. Returns how to leave it. */
export function openReference(
  place: HTMLElement,
  readerUrl: string,
  tell: (state: 'ready' | 'failed') => void,
): () => void {
  let left = false;
  const told = (state: 'ready' | 'failed') => {
    if (!left) tell(state);
  };
  loadScript(readerUrl)
    .then(({ init }) =>
      init('/api/v1/openapi.json', optionsFor(place), place, (error) => told(error ? 'failed' : 'ready')),
    )
    .catch(() => told('failed'));
  return () => {
    left = true;
  };
}

function loadScript(url: string): Promise<Redoc> {
  return new Promise((resolve, reject) => {
    if (window.Redoc) return resolve(window.Redoc);
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => (window.Redoc ? resolve(window.Redoc) : reject(new Error('The reader did not start.')));
    script.onerror = () => reject(new Error('The reader could not be loaded.'));
    document.head.append(script);
  });
}

/** It calculates with colours, so it gets them as they are right now, not as variables. */
function optionsFor(place: HTMLElement): Record<string, unknown> {
  const colour = (token: string) => {
    const probe = document.createElement('span');
    probe.style.color = `var(--${token})`;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const font = getComputedStyle(document.body).fontFamily;
  return {
    // Its search wants a worker from a blob, which our pages may not start.
    disableSearch: true,
    hideDownloadButton: true,
    nativeScrollbars: true,
    scrollYOffset: HEADER_PIXELS,
    theme: {
      spacing: { sectionVertical: 24 },
      colors: {
        primary: { main: colour('accent') },
        success: { main: colour('ok') },
        warning: { main: colour('warn') },
        error: { main: colour('danger') },
        text: { primary: colour('ink'), secondary: colour('ink-soft') },
        border: { dark: colour('line-strong'), light: colour('line') },
        responses: {
          success: { color: colour('ok'), backgroundColor: colour('ok-soft') },
          error: { color: colour('danger'), backgroundColor: colour('danger-soft') },
          redirect: { color: colour('warn'), backgroundColor: colour('warn-soft') },
          info: { color: colour('accent'), backgroundColor: colour('accent-soft') },
        },
      },
      schema: {
        nestedBackground: colour('sunken'),
        linesColor: colour('line-strong'),
        typeNameColor: colour('ink-soft'),
        typeTitleColor: colour('ink-soft'),
        requireLabelColor: colour('danger'),
      },
      typography: {
        fontFamily: font,
        fontSize: '15px',
        headings: { fontFamily: font, fontWeight: '600' },
        code: { color: colour('accent-strong'), backgroundColor: colour('sunken'), wrap: true },
        links: { color: colour('accent'), visited: colour('accent'), hover: colour('accent-strong') },
      },
      sidebar: {
        backgroundColor: colour('canvas'),
        textColor: colour('ink-soft'),
        activeTextColor: colour('accent'),
        arrow: { color: colour('ink-faint') },
      },
      rightPanel: { backgroundColor: '#1d1f22', textColor: '#f0eee8' },
    },
  };
}
