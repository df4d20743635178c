/**
 * LangGraph.js as its documentation has it: three nodes that call ChatOpenAI, the history in the state, a thread per
 * conversation on PostgresSaver, tokens by `streamMode: 'messages'`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';
import { threeAgents } from './three-agents.ts';

const { PORT, MODEL_BASE_URL, DATABASE_URL } = process.env;
const checkpointer = new PostgresSaver(new pg.Pool({ connectionString: DATABASE_URL, max: 20 }), undefined, {
  schema: 'bench_langgraph',
});
await checkpointer.setup();
const graph = threeAgents(MODEL_BASE_URL).compile({ checkpointer });

createServer((request, response) => {
  if (request.method === 'GET') return void response.end('ready');
  void answer(request, response);
}).listen(Number(PORT), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { conversation, message } = JSON.parse(await text(request)) as { conversation: string; message: string };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const stream = await graph.stream(
    { messages: [{ role: 'user', content: message }] },
    { configurable: { thread_id: conversation }, streamMode: 'messages', durability: 'sync' },
  );
  for await (const [chunk] of stream) {
    if (chunk.text !== '') response.write(`data: ${JSON.stringify(chunk.text)}\n\n`);
  }
  response.end();
}
