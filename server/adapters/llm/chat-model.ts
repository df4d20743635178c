import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { ChatOpenAICompletions } from '@langchain/openai';
import type { ChatMessage, ModelRequest, ToolDefinition } from './port.ts';
import { NO_KEY } from './transport.ts';

export type ChatModelSettings = {
  baseUrl: string;
  apiKey: string | null;
  headers: Record<string, string>;
  fetch: typeof fetch;
  timeoutMs: number;
  /** Members of the body that only this provider knows. */
  extraBody: Record<string, unknown>;
};

/**
 * LangChain's model for one call. The completions class rather than `ChatOpenAI`, which picks another API by the model's
 * name; never `streaming: true`, which fetches tokeniser tables from the internet; the client's own log stays off, since
 * it can print prompts.
 */
export function createChatModel(request: ModelRequest, settings: ChatModelSettings): ChatOpenAICompletions {
  return new ChatOpenAICompletions({
    model: request.model,
    maxTokens: request.maxOutputTokens,
    maxRetries: 0,
    timeout: settings.timeoutMs,
    apiKey: settings.apiKey ?? NO_KEY,
    modelKwargs: settings.extraBody,
    __includeRawResponse: true,
    configuration: {
      baseURL: settings.baseUrl,
      defaultHeaders: settings.headers,
      fetch: settings.fetch,
      logLevel: 'off',
    },
  });
}

/** Tools and the asked form of the answer, as call options. */
export function callOptions(request: ModelRequest, signal: AbortSignal) {
  const { structured } = request;
  const tools = (request.tools ?? []).map(toWireTool);
  const asked = { signal, stream_options: { include_usage: true } };
  if (structured?.via === 'tool') {
    const forced = toWireTool({
      name: structured.name,
      description: 'Give your whole answer by calling this.',
      parameters: structured.schema,
    });
    const choice = { type: 'function' as const, function: { name: structured.name } };
    return { ...asked, tools: [...tools, forced], tool_choice: choice };
  }
  return {
    ...asked,
    ...(tools.length > 0 ? { tools } : {}),
    ...(structured
      ? {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: structured.name, schema: structured.schema, strict: true },
          },
        }
      : {}),
  };
}

export function toLangChainMessages(messages: ChatMessage[]): BaseMessage[] {
  return messages.map((message) => {
    switch (message.role) {
      case 'system':
        return new SystemMessage(message.content);
      case 'user':
        return new HumanMessage(message.content);
      case 'tool':
        return new ToolMessage({ content: message.content, tool_call_id: message.toolCallId });
      case 'assistant':
        return assistantMessage(message);
    }
  });
}

/**
 * Earlier tool calls go back letter by letter. LangChain's `tool_calls` would parse and print the arguments anew, and
 * its constructor warns on the console about raw ones, so they are set after it.
 */
function assistantMessage(message: Extract<ChatMessage, { role: 'assistant' }>): AIMessage {
  const assistant = new AIMessage(message.content);
  if (message.toolCalls && message.toolCalls.length > 0) {
    const raw = message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: isJson(call.arguments) ? call.arguments : '{}' },
    }));
    Object.assign(assistant.additional_kwargs, { tool_calls: raw });
  }
  return assistant;
}

/** Providers refuse a history with arguments that don't parse; what the model got wrong is told in the tool's answer. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function toWireTool(tool: ToolDefinition) {
  return { type: 'function' as const, function: tool };
}
