import { expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import { afterFile } from '../support/after-file.ts';
import { startTestApp } from '../support/app.ts';
import { uploadAndParse } from '../support/files.ts';
import { startOtlpServer } from '../support/otlp-server.ts';
import { createRoom } from '../support/rooms.ts';
import { waitForTurn } from '../support/turns.ts';
import { as } from '../turns/scenes.ts';

const collector = await startOtlpServer();
afterFile(() => collector.close());
const product = await startTestApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });

test('a turn is one trace, and its log lines one id, from the browser’s request to the provider’s, with counts and no content (NFR-OBS-002, I8)', async () => {
  const { client } = await product.createUser();
  const agents = [
    { name: 'Ada', rolePrompt: 'SECRETPROMPT', toolPermissions: { search: false, files: true } },
    { name: 'Bo' },
  ];
  const room = await createRoom(client, { name: 'SECRETROOM', agents });
  await uploadAndParse(client, room.id, { name: 'SECRETFILE.txt', bytes: 'SECRETTEXT' });
  product.modelServer.setRules([
    as('Ada', { text: '', toolCalls: [{ name: 'list_files', arguments: {} }] }, 1),
    as('Ada', { text: 'SECRETREPLY' }),
    as('Bo', { status: 400, errorMessage: 'SECRETERROR' }),
  ]);
  const sent = await client.post<{ turn: Turn }>(`/rooms/${room.id}/turns`, { message: '@all SECRETMESSAGE' });
  const turn = await waitForTurn(client, sent.body.turn.id);
  const { rows } = await product.db.query<{ id: string; prompt_tokens: number; completion_tokens: number }>(
    'SELECT id, prompt_tokens, completion_tokens FROM llm_call_events WHERE turn_id = $1',
    [turn.id],
  );
  await product.close();

  // The log leads from the message's request to its turn.
  const requestId = sent.headers.get('X-Request-Id');
  expect(product.logs.filter((line) => line['requestId'] === requestId)).toMatchObject([
    { message: 'request', path: `/api/v1/rooms/${room.id}/turns`, status: 202 },
    { message: 'turn settled', turnId: turn.id, status: 'completed', failedSteps: 1 },
  ]);
  expect(JSON.stringify(product.logs)).not.toContain('SECRET');

  const [root, ...others] = collector.spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(others).toEqual([]);
  expect(root).toMatchObject({
    name: 'invoke_workflow manual',
    attributes: {
      'gen_ai.conversation.id': room.id,
      'pantheon.turn.id': turn.id,
      'pantheon.request.id': requestId,
      'pantheon.turn.status': 'completed',
    },
  });
  expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
  const steps = collector.spans.filter(({ name }) => name === 'invoke_agent');
  expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual([root?.spanId, root?.spanId]);
  const [ada, bo] = turn.steps.map((step) => steps.find((span) => span.attributes['pantheon.step.id'] === step.id));
  const below = (span: typeof root) => collector.spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId);
  expect(
    below(ada)
      .map(({ name }) => name.split(' ')[0])
      .sort(),
  ).toEqual(['chat', 'chat', 'execute_tool']);
  expect(below(bo)[0]).toMatchObject({ attributes: { 'error.type': 'refused_request' }, status: { code: 2 } });

  const chats = collector.spans.filter(({ name }) => name.startsWith('chat '));
  expect(chats.map(({ attributes }) => attributes['pantheon.call.id']).sort()).toEqual(rows.map(({ id }) => id).sort());
  const [first] = below(ada).filter(({ name }) => name.startsWith('chat '));
  const row = rows.find(({ id }) => id === first?.attributes['pantheon.call.id']);
  expect(first).toMatchObject({
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai-compatible',
      'gen_ai.usage.input_tokens': row?.prompt_tokens,
      'gen_ai.usage.output_tokens': row?.completion_tokens,
    },
  });
  expect(collector.bodies.join('')).not.toContain('SECRET');

  // The provider is told both, so that its log can be laid beside ours.
  const { log } = product.modelServer;
  expect(new Set(log.map(({ requestId }) => requestId))).toEqual(new Set([requestId]));
  expect(log.map(({ traceparent }) => traceparent).sort()).toEqual(
    chats.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`).sort(),
  );
});
