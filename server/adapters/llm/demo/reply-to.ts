import { chooseTool } from './choose-tool.ts';
import { composeAnswer } from './compose-answer.ts';
import { composeStructured } from './compose-structured.ts';
import { readPrompt } from './read-prompt.ts';
import type { DemoReply, DemoRequest } from './wire.ts';

/** The demo model's whole mind: the same request always gets the same reply. */
export function replyTo(request: DemoRequest): DemoReply {
  const format = request.response_format;
  if (format?.type === 'json_schema') {
    return { text: JSON.stringify(composeStructured(request, format.json_schema?.schema ?? {})), toolCall: null };
  }
  const forced = typeof request.tool_choice === 'object' ? request.tool_choice.function?.name : undefined;
  const tool = request.tools?.find((candidate) => candidate.function.name === forced);
  if (tool) {
    const { name, parameters } = tool.function;
    return { text: '', toolCall: { name, arguments: JSON.stringify(composeStructured(request, parameters ?? {})) } };
  }
  const prompt = readPrompt(request);
  const toolCall = chooseTool(request, prompt);
  return toolCall ? { text: '', toolCall } : { text: composeAnswer(prompt), toolCall: null };
}
