import type { DemoPrompt } from './read-prompt.ts';
import { fill, stanceOf, type Stance } from './stances.ts';
import { excerpt, gist, hash, keywords, pick, pointsOf } from './words.ts';

const HOW_TO_SWITCH =
  '*This is the offline demo model: it plays roles but knows nothing. Set `OPENROUTER_API_KEY`, or `LLM_BASE_URL` for a ' +
  'model of your own, and real ones answer here.*';

export function composeAnswer(prompt: DemoPrompt): string {
  switch (prompt.task) {
    case 'summary':
      return summary(prompt);
    case 'synthesis':
      return synthesis(prompt);
    case 'answer':
      return isGreeting(prompt.message) ? greeting(prompt) : answer(prompt);
  }
}

function answer(prompt: DemoPrompt): string {
  const { name, role, message, replies, instruction, toolResults, before } = prompt;
  const stance = stanceOf(`${name}. ${role}`);
  const [a = 'this', b = a] = keywords(message);
  const seed = hash(`${name}${role}${message}`);
  const paragraphs = [label(prompt), `> ${excerpt(message, 200)}`];
  if (instruction !== null) paragraphs.push(`My part: ${lowerFirst(excerpt(instruction, 220))}`);
  paragraphs.push(...toolResults.map(useOf));
  if (replies.length > 0) {
    paragraphs.push(reactTo(replies, stance, seed));
  } else if (before !== null && before !== message) {
    paragraphs.push(`You came here from “${gist(before, 80)}”, so I read it as the next step of that.`);
  }
  const points = pick(stance.points, 3, seed).map(
    ([title, text]) => `- **${title}:** ${fill(text, { a: `*${a}*`, b: `*${b}*` })}`,
  );
  paragraphs.push(`### ${stance.heading}`, points.join('\n'), stance.close);
  if (replies.length === 0 && before === null) paragraphs.push(HOW_TO_SWITCH);
  return paragraphs.join('\n\n');
}

/** Takes up the newest reply from the role's side, and mentions the one before it. */
function reactTo(replies: DemoPrompt['replies'], stance: Stance, seed: number): string {
  const [earlier, newest] = replies.length > 1 ? replies.slice(-2) : [null, replies[0]];
  const pointOf = (reply: { text: string }) => {
    const points = pointsOf(reply.text);
    return points[seed % points.length] ?? '';
  };
  const mention = earlier ? `**${earlier.name}** put it as “${pointOf(earlier)}”, and I agree so far. ` : '';
  return newest ? mention + fill(stance.reaction, { name: `**${newest.name}**`, point: pointOf(newest) }) : mention;
}

/** Whoever reads only the first line knows what this is, and which role it was given. */
function label({ name, role }: DemoPrompt): string {
  return role === '' ? `*Offline demo model, as ${name}*` : `*Offline demo model, as ${name}: “${excerpt(role, 110)}”*`;
}

function useOf(result: string): string {
  const found = firstFinding(result);
  return found.source === null
    ? `What the tool gave me: “${gist(found.text, 160)}”`
    : `From what I found, ${found.source}: “${gist(found.text, 160)}”`;
}

/** Tools answer with plain text or JSON; either way something of it is quoted. */
function firstFinding(result: string): { text: string; source: string | null } {
  const plain = result.replace(/^~{3,}$/gm, '').trim();
  try {
    const parsed = JSON.parse(plain) as { results?: Record<string, unknown>[] } | Record<string, unknown>[];
    const first = (Array.isArray(parsed) ? parsed : parsed.results)?.[0] ?? (parsed as Record<string, unknown>);
    const text = first['content'] ?? first['snippet'] ?? first['text'] ?? first['error'] ?? first['title'];
    const title = first['title'];
    return { text: typeof text === 'string' ? text : plain, source: typeof title === 'string' ? `*${title}*` : null };
  } catch {
    return { text: plain === '' ? 'nothing' : plain, source: null };
  }
}

function synthesis(prompt: DemoPrompt): string {
  const { message, replies } = prompt;
  const [a = 'this'] = keywords(message);
  if (replies.length === 0) {
    return `*Offline demo model, as the manager*\n\nNobody could contribute to “${gist(message, 120)}”, so there is nothing to bring together. Send it again, or ask an agent directly.`;
  }
  const said = replies.map((reply) => ({ name: reply.name, points: pointsOf(reply.text) }));
  const [first] = said;
  const last = said.length > 1 ? said.at(-1) : undefined;
  const paragraphs = [
    '*Offline demo model, as the manager*',
    `**In short:** on “${gist(message, 120)}”, start from what ${first?.name} puts first: “${first?.points[0]}”.`,
  ];
  if (last) paragraphs.push(`Before you commit to *${a}*, deal with what ${last.name} raises: “${last.points[0]}”.`);
  const rows = said.map(({ name, points }) => `- **${name}:** ${points.slice(0, 2).map(asSentence).join(' ')}`);
  paragraphs.push('### What it rests on', rows.join('\n'));
  if (last) {
    paragraphs.push(
      `**How they fit together:** ${first?.name}’s part tells you where to begin, ${last.name}’s when to stop. Take both, in steps small enough that the second can still change the first.`,
    );
  }
  paragraphs.push('**Next step:** write down what would make you stop, then take the first of these this week.');
  return paragraphs.join('\n\n');
}

function summary({ message, replies, before }: DemoPrompt): string {
  const lines = [before, message, ...replies.map((reply) => `${reply.name}: ${reply.text}`)]
    .filter((text) => text !== null && text !== '')
    .flatMap((text) => (text as string).split('\n'))
    .map((line) => line.replace(/^[~#>*\s-]+|[~*\s]+$/g, ''))
    .filter((line) => line.length > 20 && !line.startsWith('Offline demo model'));
  return (
    [...new Set(lines)]
      .slice(0, 12)
      .map((line) => `- ${gist(line, 140)}`)
      .join('\n') || '- Nothing to keep so far.'
  );
}

function isGreeting(message: string): boolean {
  return (
    message.length < 40 && /^(hi|hello|hey|good (morning|evening|afternoon)|salut|bonjour|hallo|test)\b/i.test(message)
  );
}

function greeting({ name, role, message }: DemoPrompt): string {
  const stance = stanceOf(`${name}. ${role}`);
  return [
    `*Offline demo model, as ${name}*`,
    `“${message}” to you as well. I’m **${name}**${role === '' ? '' : `, and my role here is: “${excerpt(role, 160)}”`}`,
    `Give me something to work on and I’ll answer under the heading *${stance.heading}*. For example:`,
    `- Should we launch the beta in spring or wait until autumn?\n- How do I tell a client that the project is late?`,
    HOW_TO_SWITCH,
  ].join('\n\n');
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…”]$/.test(text) ? '' : '.'}`;
}
