import { Agent, get } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { listen } from '#server/http/listen.ts';

test('a kept connection outlives a minute of quiet, and ends with its answer once the server closes', async () => {
  const http = await listen({ port: 0, appUrl: 'http://localhost', production: false });
  expect(http.server.keepAliveTimeout).toBeGreaterThan(60_000);
  const asked = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<undefined>();
  http.answerWith((_req, res) => {
    asked.resolve(undefined);
    void answer.promise.then(() => res.end('done'));
  });
  const closed = once(http.server, 'close');
  const agent = new Agent({ keepAlive: true });
  const response = once(get({ host: '127.0.0.1', port: http.port, agent }), 'response');
  await asked.promise;
  http.close();
  answer.resolve(undefined);
  await response;
  await closed;
  agent.destroy();
});
