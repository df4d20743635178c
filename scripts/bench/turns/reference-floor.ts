/**
 * The floor: the least that three agents can cost. A plain HTTP loop that asks the model three times, passes the text
 * on as it comes and writes one row per call. No accounts, no journal, no metering, no resuming.
 */
import { createServer, type ServerResponse } from 'node:http';
import { createParser } from 'eventsource-parser';
import pg from 'pg';

const { PORT, MODEL_BASE_URL, DATABASE_URL } = process.env;
const db = new pg.Pool({ connectionString: DATABASE_URL, max: 20 });
await db.query('CREATE TABLE IF NOT EXISTS floor_calls (id bigserial PRIMARY KEY, text text NOT NULL)');

type Chunk = { choices: { delta: { content?: string } }[] };

createServer((request, response) => {
  if (request.method === 'GET') return void response.end('ready');
  request.resume().on('end', () => void answer(response));
}).listen(Number(PORT), '127.0.0.1');

async function answer(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const name of ['Analyst', 'Writer', 'Critic']) {
    const text = await callModel(name, (piece) => response.write(`data: ${JSON.stringify(piece)}\n\n`));
    await db.query('INSERT INTO floor_calls (text) VALUES ($1)', [text]);
  }
  response.end();
}

async function callModel(name: string, onText: (piece: string) => void): Promise<string> {
  const reply = await fetch(`${MODEL_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'test-model',
      stream: true,
      messages: [
        { role: 'system', content: `You are ${name}.` },
        { role: 'user', content: 'What should we do first?' },
      ],
    }),
  });
  if (!reply.body) throw new Error('The model answered with nothing.');
  let text = '';
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return;
      const piece = (JSON.parse(data) as Chunk).choices[0]?.delta.content;
      if (!piece) return;
      text += piece;
      onText(piece);
    },
  });
  for await (const bytes of reply.body.pipeThrough(new TextDecoderStream())) parser.feed(bytes);
  return text;
}
