import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { RawUsage } from './check-usage.ts';
import type { ChatMessage, ModelRequest, ToolDefinition } from './port.ts';

/** An event of the stream as providers send it: any member may be missing, and some send more. */
export type Chunk = {
  id?: string;
  model?: string;
  choices?: { delta?: Delta | null; finish_reason?: string | null }[];
  usage?: RawUsage | null;
};
type Delta = {
  content?: string | null;
  reasoning?: string | null;
  reasoning_content?: string | null;
  tool_calls?: PartOfCall[];
};
export type PartOfCall = { index?: number; id?: string; function?: { name?: string; arguments?: string } };

/** The body of a streamed chat completion: tools, the asked form of the answer, and members that only this provider knows. */
export function chatCompletion(request: ModelRequest, more: object): ChatCompletionCreateParamsStreaming {
  const { structured } = request;
  const tools = (request.tools ?? []).map(toWireTool);
  return {
    model: request.model,
    messages: request.messages.map(toWireMessage),
    stream: true,
    stream_options: { include_usage: true },
    [takesCompletionTokens(request.model) ? 'max_completion_tokens' : 'max_tokens']: request.maxOutputTokens,
    ...(tools.length > 0 ? { tools } : {}),
    ...(structured?.via === 'tool' ? forcedTool(structured, tools) : {}),
    ...(structured?.via === 'json_schema'
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: structured.name, schema: structured.schema, strict: true },
          },
        }
      : {}),
    ...more,
  };
}

/** OpenAI's own reasoning models refuse `max_tokens`. */
function takesCompletionTokens(model: string): boolean {
  return /^(o\d|gpt-[5-9](?!.*-chat))/.test(model);
}

function forcedTool(
  { name, schema }: NonNullable<ModelRequest['structured']>,
  tools: ChatCompletionFunctionTool[],
): Pick<ChatCompletionCreateParamsStreaming, 'tools' | 'tool_choice'> {
  const forced = toWireTool({ name, description: 'Give your whole answer by calling this.', parameters: schema });
  return { tools: [...tools, forced], tool_choice: { type: 'function', function: { name } } };
}

function toWireMessage(message: ChatMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', content: message.content, tool_call_id: message.toolCallId };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content,
        ...(message.toolCalls && message.toolCalls.length > 0 ? { tool_calls: message.toolCalls.map(toWireCall) } : {}),
      };
  }
}

/**
 * An earlier call goes back letter by letter. Providers refuse a history with arguments that don't parse; what the model
 * got wrong is told in the tool's answer.
 */
function toWireCall({ id, name, arguments: args }: NonNullable<Assistant['toolCalls']>[number]) {
  return { id, type: 'function' as const, function: { name, arguments: isJson(args) ? args : '{}' } };
}
type Assistant = Extract<ChatMessage, { role: 'assistant' }>;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function toWireTool(tool: ToolDefinition): ChatCompletionFunctionTool {
  return { type: 'function', function: tool };
}
