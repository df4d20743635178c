/** A server of the Model Context Protocol by its own SDK, with tools that do harm on demand and a log of what was called. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

type Called = { tool: string; args: Record<string, unknown> };

/** What it does instead of answering a call: never answers, answers without end, cuts the line, sends the caller elsewhere. */
export type Misbehaviour = 'hang' | 'huge' | 'cut' | 'garbage' | { redirect: string };

export type ToolServer = {
  url: string;
  /** The value of the header Authorization that it wants. */
  token: string;
  calls: readonly Called[];
  /** Requests that came with another token, or none. */
  strangers(): number;
  /** Null: those that it began with. */
  setTools(tools: Tool[] | null): void;
  answerWith(answer: (called: Called) => CallToolResult | string): void;
  misbehave(how: Misbehaviour | null): void;
  close(): Promise<void>;
};

const TOOLS: Tool[] = [
  {
    name: 'get_weather',
    description: 'The weather of a city.',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    annotations: { readOnlyHint: true },
  },
  {
    name: 'send_mail',
    title: 'Send a mail',
    description: 'Sends a mail to somebody.',
    inputSchema: { type: 'object', properties: { to: { type: 'string' }, text: { type: 'string' } } },
    annotations: { readOnlyHint: false, destructiveHint: true },
  },
];

export async function startToolServer(): Promise<ToolServer> {
  const token = 'Bearer tool-server-secret-1234';
  const calls: Called[] = [];
  let strangers = 0;
  let tools = TOOLS;
  let answer: (called: Called) => CallToolResult | string = ({ tool, args }) => `${tool} of ${JSON.stringify(args)}`;
  let misbehaviour: Misbehaviour | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    if (request.headers.authorization !== token) {
      strangers += 1;
      response.writeHead(401).end();
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const body = JSON.parse(text) as { method?: string; params?: { name: string; arguments?: Called['args'] } };
    if (body.method === 'tools/call' && body.params) {
      calls.push({ tool: body.params.name, args: body.params.arguments ?? {} });
      if (misbehaviour !== null) {
        misbehaveNow(misbehaviour, response);
        return;
      }
    }
    const mcp = new McpServer({ name: 'tools', version: '1' }, { capabilities: { tools: {} } });
    const { server } = mcp;
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      const said = answer({ tool: params.name, args: params.arguments ?? {} });
      return typeof said === 'string' ? { content: [{ type: 'text' as const, text: said }] } : said;
    });
    const transport = new StreamableHTTPServerTransport({});
    response.once('close', () => void mcp.close());
    await mcp.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  const http = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    token,
    calls,
    strangers: () => strangers,
    setTools: (given) => (tools = given ?? TOOLS),
    answerWith: (given) => (answer = given),
    misbehave: (how) => (misbehaviour = how),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function misbehaveNow(how: Misbehaviour, response: ServerResponse): void {
  if (typeof how === 'object') {
    response.writeHead(307, { Location: how.redirect }).end();
    return;
  }
  switch (how) {
    case 'hang':
      return;
    case 'cut':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: message\n');
      setTimeout(() => response.destroy(), 50);
      return;
    case 'garbage':
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"jsonrpc":"2.0","id":"?"');
      return;
    case 'huge': {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const more = () => {
        while (!response.destroyed && response.write(`: ${'x'.repeat(60_000)}\n`));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    }
  }
}
