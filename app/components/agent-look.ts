/** How an agent is told apart at a glance: one of eight colours that colour-blind people can separate, and two letters. */
export type AgentLook = { hue: number; monogram: string };

const HUES = 8;

/**
 * Looks for agents that appear together. A name has its colour, so that it is the same in a template, in the room made from it
 * and in a chat. Older agents choose first (their ids sort by creation), so an agent that joins never changes another’s look; no
 * two share a monogram, and no two a colour while there are eight or fewer.
 */
export function assignLooks(agents: readonly { id: string; name: string }[]): Map<string, AgentLook> {
  const looks = new Map<string, AgentLook>();
  const usedHues = new Set<number>();
  const usedMonograms = new Set<string>();
  for (const { id, name } of [...agents].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    if (looks.has(id)) continue;
    if (usedHues.size === HUES) usedHues.clear();
    let hue = hash(name) % HUES;
    while (usedHues.has(hue)) hue = (hue + 1) % HUES;
    usedHues.add(hue);
    const candidates = monograms(name);
    const monogram = candidates.find((candidate) => !usedMonograms.has(candidate)) ?? candidates[0] ?? '?';
    usedMonograms.add(monogram);
    looks.set(id, { hue, monogram });
  }
  return looks;
}

/** “Devil’s Advocate” is DA, “Analyst” is An; then the first letter with each later one, then with a digit. */
function monograms(name: string): string[] {
  const words = name
    .replace(/['’]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const letters = Array.from(words.join(''));
  const [first = '?'] = letters;
  const initials = words.length > 1 ? words.slice(0, 2).flatMap((word) => Array.from(word).slice(0, 1)) : [];
  const pairs = letters.slice(1).map((letter) => first.toUpperCase() + letter.toLowerCase());
  const digits = ['2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => first.toUpperCase() + digit);
  return [...(initials.length === 2 ? [initials.join('').toUpperCase()] : []), ...pairs, ...digits];
}

function hash(text: string): number {
  let sum = 2166136261;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 16777619) >>> 0;
  return sum >>> 8;
}
