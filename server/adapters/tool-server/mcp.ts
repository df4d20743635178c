import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, type CallToolResult, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { oneLine, plainText } from '#server/platform/plain-text.ts';
import { createGuardedFetch, TooLarge } from './guarded-fetch.ts';
import type { CallOutcome, ListedTool, ToolServerAddress, ToolServerFailure, ToolServerPort } from './port.ts';
import { AddressRefused } from './public-address.ts';

export type McpOptions = {
  allowPrivate: boolean;
  /** For one listing or call, connecting included. */
  timeoutMs: number;
};

const MAX_BYTES = 1_000_000;
const MAX_PAGES = 5;
const MAX_TOOLS = 64;
const MAX_DESCRIPTION = 1_000;
const MAX_SCHEMA = 6_000;
const FAREWELL_MS = 2_000;

const WORDS: Record<ToolServerFailure, string> = {
  address_refused: 'The server’s address is not one on the public internet.',
  unreachable: 'The server can’t be reached.',
  auth: 'The server refuses the token.',
  timeout: 'The server took too long.',
  too_large: 'The server’s answer is too large.',
  bad_response: 'The server doesn’t answer as the protocol says.',
  aborted: 'It was stopped.',
};

/** Servers of the Model Context Protocol over streamable HTTP; a connection of its own for each listing and call. */
export function createMcpToolServers({ allowPrivate, timeoutMs }: McpOptions): ToolServerPort {
  async function visit<T>(
    { url, header, secret }: ToolServerAddress,
    signal: AbortSignal,
    work: (client: Client, options: { signal: AbortSignal; timeout: number }) => Promise<T>,
  ): Promise<T | { status: 'failed'; code: ToolServerFailure; message: string }> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const broken = new AbortController();
    const over = AbortSignal.any([signal, deadline, broken.signal]);
    const client = new Client({ name: 'pantheon', version: '1' });
    // A stream that breaks off is told here and nowhere else; whatever else is told here is no server to go on with.
    client.onerror = (error) => broken.abort(error);
    try {
      const fetch = createGuardedFetch({ allowPrivate, maxBytes: MAX_BYTES, signal: over });
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        // Nobody listens to what a server says unasked.
        fetch: (to, init) =>
          init?.method === 'GET' ? Promise.resolve(new Response(null, { status: 405 })) : fetch(to, init),
        requestInit: { headers: secret === null ? {} : { [header]: secret } },
        reconnectionOptions: {
          maxRetries: 0,
          initialReconnectionDelay: 0,
          maxReconnectionDelay: 0,
          reconnectionDelayGrowFactor: 1,
        },
      });
      const options = { signal: over, timeout: timeoutMs };
      await client.connect(transport, options);
      const result = await work(client, options);
      await Promise.race([transport.terminateSession().catch(() => {}), pause(FAREWELL_MS)]);
      return result;
    } catch (error) {
      const code = signal.aborted ? 'aborted' : deadline.aborted ? 'timeout' : codeOf(broken.signal.reason ?? error);
      return { status: 'failed', code, message: WORDS[code] };
    } finally {
      client.onerror = () => {};
      await client.close().catch(() => {});
    }
  }

  return {
    list: (address, { signal }) =>
      visit(address, signal, async (client, options) => {
        const tools: ListedTool[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page += 1) {
          const found = await client.listTools(cursor === undefined ? {} : { cursor }, options);
          tools.push(...found.tools.flatMap(clean));
          cursor = found.nextCursor;
          if (cursor === undefined) break;
        }
        const byName = new Map(tools.map((tool) => [tool.name, tool]));
        return { status: 'ok' as const, tools: [...byName.values()].slice(0, MAX_TOOLS) };
      }),

    async call(address, { tool, args }, { signal, characters }): Promise<CallOutcome> {
      let sent = false;
      const outcome = await visit(address, signal, async (client, options) => {
        sent = true;
        const params = { name: tool, arguments: args };
        const result = await client.request({ method: 'tools/call', params }, CallToolResultSchema, options);
        return { status: 'ok' as const, text: textOf(result, characters), isError: result.isError === true };
      });
      return outcome.status === 'failed' ? { ...outcome, sent } : outcome;
    },
  };
}

/** What a server says of a tool, as far as it can be kept and shown; a schema that is none takes anything. */
function clean({ name, title, description, inputSchema, annotations }: Tool): ListedTool[] {
  if (name === '' || name.length > 128 || oneLine(name) !== name) return [];
  const schema = JSON.stringify(inputSchema);
  // What PostgreSQL refuses in JSON: NUL, and halves of surrogate pairs.
  const usable = schema.length <= MAX_SCHEMA && !/\\u(?:0000|d[89a-f])/i.test(schema);
  return [
    {
      name,
      title: oneLine(title ?? annotations?.title ?? '').slice(0, 120),
      description: plainText(description ?? '')
        .trim()
        .slice(0, MAX_DESCRIPTION)
        .toWellFormed(),
      inputSchema: usable ? (JSON.parse(schema) as Record<string, unknown>) : { type: 'object' },
      saysReadOnly: annotations?.readOnlyHint === true,
      saysDestructive: annotations?.destructiveHint === true,
    },
  ];
}

function textOf({ content, structuredContent }: CallToolResult, characters: number): string {
  const parts = content.map((part) => {
    switch (part.type) {
      case 'text':
        return part.text;
      case 'resource':
        return 'text' in part.resource ? part.resource.text : `[${part.resource.mimeType ?? 'a file'}, left out]`;
      case 'resource_link':
        return `[${part.name}: ${part.uri}]`;
      case 'image':
      case 'audio':
        return `[${part.type}, left out]`;
    }
  });
  const text = plainText(parts.join('\n\n') || (structuredContent ? JSON.stringify(structuredContent) : ''));
  return text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}\n[cut off here]`;
}

function codeOf(error: unknown): ToolServerFailure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused) return 'address_refused';
    if (cause instanceof TooLarge || cause.message.includes('TooLarge')) return 'too_large';
    if (cause instanceof StreamableHTTPError) {
      return cause.code === 401 || cause.code === 403 ? 'auth' : 'bad_response';
    }
    if ('syscall' in cause || ('code' in cause && /^(E[A-Z]+|ERR_TLS.*|CERT_.*)$/.test(String(cause.code)))) {
      return 'unreachable';
    }
  }
  return 'bad_response';
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
