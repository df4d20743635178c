import { textOf, type DemoMessage, type DemoRequest } from './wire.ts';

/** What the demo model understands of a prompt. Prompts are edited by people, so nothing of it is relied upon. */
export type DemoPrompt = {
  task: 'answer' | 'synthesis' | 'summary';
  name: string;
  role: string;
  /** The person's last message, its tags taken out. */
  message: string;
  /** What other agents have said about it already. */
  replies: { name: string; text: string }[];
  /** What the manager told this agent to do. */
  instruction: string | null;
  /** What tools answered to the last message. */
  toolResults: string[];
  /** The person's message before this one, when the conversation is older than that. */
  before: string | null;
};

export function readPrompt(request: DemoRequest): DemoPrompt {
  const { messages } = request;
  const system = messages
    .filter((message) => message.role === 'system' || message.role === 'developer')
    .map(textOf)
    .join('\n');
  const said = messages.filter((message) => message.role === 'user' || message.role === 'assistant');
  const lastUser = said.findLast((message) => message.role === 'user');
  const earlier = said.slice(0, said.lastIndexOf(lastUser as DemoMessage));
  // What others said about the message stands right before it; quotes further up are history.
  const nearest = earlier.at(-1);
  const background = nearest?.role === 'user' ? quoted(textOf(nearest)) : [];
  const before = earlier.findLast((message) => message.role === 'user' && !/^~{3,}$/m.test(textOf(message)));
  return {
    task: /running summary/i.test(system) ? 'summary' : /final answer/i.test(system) ? 'synthesis' : 'answer',
    name: /^You are ([^\n,.:;]{1,80})/m.exec(system)?.[1]?.trim() ?? 'Assistant',
    role: readRole(system),
    message: untag(textOf(lastUser)),
    replies: background.flatMap(({ name, text }) => (name === null ? [] : [{ name, text }])),
    instruction: background.find(({ name }) => name === null)?.text ?? null,
    toolResults: messages
      .slice(messages.lastIndexOf(lastUser as DemoMessage) + 1)
      .filter(isToolResult)
      .map(textOf),
    before: before ? untag(textOf(before)) : null,
  };
}

function isToolResult(message: DemoMessage): boolean {
  return message.role === 'tool';
}

function readRole(system: string): string {
  const marked = /Your role[^\n]*:\n([\s\S]+?)(?:\n\n(?:Also in the room|How to answer)|$)/.exec(system)?.[1];
  return (marked ?? system.replace(/^You are [^\n.,:;]*[.,:;]?\s*/, '')).trim();
}

/** Blocks between lines of tildes with the line above them: `<name> wrote:`, or something else, which has no name. */
function quoted(text: string): { name: string | null; text: string }[] {
  return Array.from(text.matchAll(/^(.*):\n(~{3,})\n([\s\S]*?)\n\2$/gm), (block) => ({
    name: /^(.+) wrote$/.exec(block[1] ?? '')?.[1] ?? null,
    text: block[3] ?? '',
  }));
}

/** `@Ada` and `@"Bo Lin"` address somebody; they aren't what the message is about. */
function untag(text: string): string {
  return text
    .replace(/(^|[\s([{])@(?:"[^"\n]*"|“[^”\n]*”|[\p{L}\p{N}_-]+)[,:]?/gu, '$1')
    .replace(/[ \t]+/g, ' ')
    .trim();
}
