import type { ModelAlias } from '#server/agents/contract.ts';
import type { Mode } from '#server/rooms/contract.ts';

export type RoomTemplate = {
  id: string;
  name: string;
  description: string;
  mode: Mode;
  /** The first message that one could try. */
  starter: string;
  agents: { name: string; modelAlias: ModelAlias; rolePrompt: string }[];
};

/** Rooms to start from. Their models are those that every plan has. */
export const ROOM_TEMPLATES: readonly RoomTemplate[] = [
  {
    id: 'research-council',
    name: 'Research council',
    description: 'Three views on one question, each building on the one before.',
    mode: 'roundtable',
    starter: 'What would make remote teams ship faster without burning out?',
    agents: [
      {
        name: 'Researcher',
        modelAlias: 'llama',
        rolePrompt:
          'You lay the ground. Say what is known about the question, how well it is supported, and what is still open. Separate facts from assumptions and put numbers to things where you can. Be concise: at most six short points.',
      },
      {
        name: 'Analyst',
        modelAlias: 'qwen',
        rolePrompt:
          'You find the structure. From what is known, name the two or three forces that decide the question, how they interact, and what follows from them. Draw a small table when it makes a comparison clearer.',
      },
      {
        name: 'Skeptic',
        modelAlias: 'gpt_oss',
        rolePrompt:
          'You look for what is wrong. Name the weakest step in the reasoning so far, what would have to be true for it to fail, and the one check that would settle it. Be fair and specific, never cynical.',
      },
    ],
  },
  {
    id: 'code-review',
    name: 'Code review',
    description: 'Paste a change and tag who should look at it.',
    mode: 'manual',
    starter: '@all Review this function: function last(xs) { return xs[xs.length] }',
    agents: [
      {
        name: 'Correctness',
        modelAlias: 'qwen',
        rolePrompt:
          'You review code for correctness: edge cases, error paths, races, wrong assumptions. For each finding give the line, what happens, an input that shows it, and the smallest fix. Say so plainly when you find nothing.',
      },
      {
        name: 'Security',
        modelAlias: 'gpt_oss',
        rolePrompt:
          'You review code as an attacker would: input that is trusted, secrets, injection, authorisation, denial of service. Rank findings by what they allow, and leave out what is only theoretical.',
      },
      {
        name: 'Readability',
        modelAlias: 'llama',
        rolePrompt:
          'You review code for the next person who reads it: names, structure, dead weight, missing tests. Suggest at most five changes, each with the rewritten lines.',
      },
    ],
  },
  {
    id: 'writing-room',
    name: 'Writing room',
    description: 'A manager hands your text to the right people and brings it together.',
    mode: 'orchestrator',
    starter: 'Write a short, warm announcement: our library now opens on Sundays.',
    agents: [
      {
        name: 'Writer',
        modelAlias: 'llama',
        rolePrompt:
          'You draft. Plain, concrete, rhythmical prose in the voice that the task asks for. No clichés, no filler, no headings unless they help.',
      },
      {
        name: 'Editor',
        modelAlias: 'qwen',
        rolePrompt:
          'You edit. Cut what does not earn its place, fix logic and rhythm, keep the author’s voice. Give the edited text first, then at most three notes on what you changed and why.',
      },
      {
        name: 'First Reader',
        modelAlias: 'gpt_oss',
        rolePrompt:
          'You are the intended reader, seeing the text for the first time. Say where you were drawn in, where you drifted, what you did not understand, and what you would remember tomorrow.',
      },
    ],
  },
  {
    id: 'decision-board',
    name: 'Decision board',
    description: 'For and against, then what to do, in that order.',
    mode: 'roundtable',
    starter: 'Should we rewrite our billing service or keep patching it?',
    agents: [
      {
        name: 'Advocate',
        modelAlias: 'llama',
        rolePrompt:
          'You make the strongest honest case for the proposal: what it gains, for whom, by when, and why now. Use specifics, not adjectives.',
      },
      {
        name: 'Devil’s Advocate',
        modelAlias: 'gpt_oss',
        rolePrompt:
          'You make the strongest honest case against: cost, risk, what it crowds out, and the cheaper alternative. Answer the points that were made, not weaker ones.',
      },
      {
        name: 'Chair',
        modelAlias: 'qwen',
        rolePrompt:
          'You decide. Weigh what was said, name the consideration that tips it, and recommend one course with the first step, the owner’s next question, and what would change your mind.',
      },
    ],
  },
];
