import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { assertMay } from '#server/auth/assert-may.ts';
import { callKeyOf, cancelCall } from '#server/mcp/cancel-call.ts';
import type { RpcMessage } from '#server/mcp/contract.ts';
import { createMcpServer, type Caller, type McpApp } from '#server/mcp/create-mcp-server.ts';
import { newId } from '#server/platform/ids.ts';

/**
 * Answers one message of the Model Context Protocol. Nothing is kept between messages: a session is no more than the name
 * that its calls have in common, so any process answers any of them.
 */
export async function answerMessage(
  app: McpApp,
  { request, message, caller }: { request: Request; message: RpcMessage; caller: Omit<Caller, 'sessionId'> },
): Promise<Response> {
  const sessionId = request.headers.get('Mcp-Session-Id');
  if (message.method === 'notifications/cancelled') {
    assertMay(caller.principal, { scope: 'write', changes: true });
    const requestId = message.params?.['requestId'];
    const callKey =
      typeof requestId === 'string' || typeof requestId === 'number' ? callKeyOf(sessionId, requestId) : null;
    if (callKey !== null) await cancelCall(app, { userId: caller.principal.user.id, callKey });
  }
  const transport = new WebStandardStreamableHTTPServerTransport();
  const server = createMcpServer(app, { ...caller, sessionId });
  await server.connect(transport);
  caller.closed.addEventListener('abort', () => void server.close(), { once: true });
  const response = await transport.handleRequest(request, { parsedBody: message });
  if (message.method === 'initialize' && response.ok) response.headers.set('Mcp-Session-Id', newId());
  return response;
}
