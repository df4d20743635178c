/** The parts of OpenAI's chat protocol that the demo model reads. */
export type DemoMessage = { role: string; content?: unknown; tool_calls?: unknown; tool_call_id?: string };

export type DemoSchema = {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, DemoSchema>;
  required?: string[];
  items?: DemoSchema;
};

export type DemoTool = { function: { name: string; description?: string; parameters?: DemoSchema } };

export type DemoRequest = {
  model?: string;
  messages: DemoMessage[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
  tools?: DemoTool[];
  tool_choice?: string | { function?: { name?: string } };
  response_format?: { type?: string; json_schema?: { name?: string; schema?: DemoSchema } };
};

/** What the demo model says: text, or a request for a tool. */
export type DemoReply = { text: string; toolCall: { name: string; arguments: string } | null };

export function textOf(message: DemoMessage | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('');
}
