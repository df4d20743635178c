import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rollup } from 'vite';

/** The chat page on a site of its own; its address takes `apiUrl`, `apiKey`, `assistant` and `thread`. */
export async function serveChatPage(): Promise<{ url: string; close: () => Promise<void> }> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: `${import.meta.dirname}/chat.tsx`, output: { inlineDynamicImports: true } },
    },
  })) as Rollup.RollupOutput;
  const script = built.output[0].code;
  const page = '<!doctype html><html lang="en"><title>Chat</title><body><script type="module" src="/chat.js"></script>';
  const server = createServer((request, response) => {
    const [type, body] = request.url === '/chat.js' ? ['text/javascript', script] : ['text/html', page];
    response.setHeader('Content-Type', `${type}; charset=utf-8`).end(request.url === '/favicon.ico' ? '' : body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await once(server.close(), 'close');
    },
  };
}
