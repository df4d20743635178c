/**
 * Ways of looking at a question. The demo model can't think, but it can ask what somebody in that role would ask.
 * `{a}` and `{b}` are words of the message, `{topic}` its gist.
 */
export type Stance = {
  key: string;
  match: RegExp;
  /** When its work comes in a plan: 1 gathers, 2 makes, 3 judges. */
  phase: 1 | 2 | 3;
  heading: string;
  points: [title: string, text: string][];
  /** How it takes up a point of somebody else; `{name}` said `{point}`. */
  reaction: string;
  close: string;
  instruction: string;
};

export const STANCES: Stance[] = [
  {
    key: 'critic',
    match: /critic|skeptic|sceptic|devil|risk|challenge|weak|doubt|audit|security|legal|lawyer|compliance|ethic/i,
    phase: 3,
    heading: 'Where this could go wrong',
    points: [
      [
        'The hidden assumption',
        'it takes for granted that {a} stays as it is now. Ask what happens in the year when it doesn’t.',
      ],
      [
        'The cost of being wrong',
        'if {a} fails, is it a bad week or the end? Only the second needs a guarantee beforehand.',
      ],
      [
        'The missing alternative',
        'compare it with doing nothing about {b} for three months. Surprisingly often that wins.',
      ],
      [
        'The proof',
        'name one observation about {a} that would change your mind. If there is none, it isn’t decided on facts.',
      ],
      ['The second-order effect', 'whoever depends on {b} will adapt, and rarely in the way the plan hopes.'],
    ],
    reaction:
      'I’d test {name}’s point, “{point}”, before leaning on it: it is the step that everything after rests on.',
    close: 'If you only check one thing, check the assumption you would be most embarrassed to have got wrong.',
    instruction:
      'Find the weakest assumption in what the others propose about “{topic}”, and say how to test it cheaply.',
  },
  {
    key: 'researcher',
    match:
      /research|analy|data|scien|fact|evidence|investigat|librarian|histor|journalis|market|finance|econom|account/i,
    phase: 1,
    heading: 'What to establish first',
    points: [
      [
        'The base rate',
        'how often does something like {a} work out at all? Start there and adjust, not the other way round.',
      ],
      ['The one number', 'which figure about {b} would settle most of the argument? Get that one before ten others.'],
      ['The source', 'who has done this with {a} and would tell you the truth? One such talk beats a week of reading.'],
      [
        'The gap',
        'write down what is known, what is believed and what is hoped about {a}. The second list is always the longest.',
      ],
      ['The time frame', 'data on {b} goes stale. Note the date beside each figure, or it will be quoted for years.'],
    ],
    reaction: '{name}’s “{point}” can be checked; I’d put a number on it before going on.',
    close: 'Two hours on these would show whether the question is the right one.',
    instruction:
      'Set out what is known and what is missing about “{topic}”, and which single figure would settle most of it.',
  },
  {
    key: 'builder',
    match: /engineer|develop|architect|program|code|technical|build|devops|product|software/i,
    phase: 2,
    heading: 'How I would build it',
    points: [
      ['Smallest useful slice', 'one path through {a} that a real person can use on Friday. Everything else waits.'],
      [
        'The interface first',
        'agree on what goes in and out of {b}. Behind it you can change your mind as often as you like.',
      ],
      [
        'Failure on purpose',
        'decide what {a} does when its neighbour is slow, gone or wrong, and try each once before release.',
      ],
      ['Measure at the edge', 'log what people do with {b}, not what the machine does inside.'],
      ['A way back', 'a switch that undoes it in a minute is worth more than a month of extra testing.'],
    ],
    reaction: 'I take {name}’s “{point}” as a requirement; the design below leaves room for it.',
    close: 'I’d time-box the first slice to a week and decide again with something on the screen.',
    instruction: 'Propose the smallest version of “{topic}” that could be tried within a week, and what it would take.',
  },
  {
    key: 'writer',
    match: /writ|edit|copy|story|poet|author|communicat|brand|content|marketing|tone/i,
    phase: 2,
    heading: 'A first draft',
    points: [
      ['Opening', '“Everyone has an opinion about {a}. Here is what changes on Monday.”'],
      ['The promise', 'say in eleven words what the reader has afterwards that they lack now. {b} comes later.'],
      ['The middle', 'one concrete scene in which somebody meets {a}; no adjectives that a rival could use as well.'],
      ['The objection', 'name the reader’s doubt about {b} before they do, and answer it in one sentence.'],
      ['The end', 'stop one sentence earlier than feels safe, on the word you want remembered.'],
    ],
    reaction: '{name}’s “{point}” belongs in the second paragraph, where a reader starts to doubt.',
    close: 'Read it aloud once. Where you run out of breath, cut.',
    instruction: 'Draft a short text about “{topic}” that a busy reader would finish.',
  },
  {
    key: 'planner',
    match: /plan|strateg|manage|lead|coach|mentor|project|operat|organi[sz]|founder|ceo|business/i,
    phase: 2,
    heading: 'A way forward',
    points: [
      [
        'Decide what done means',
        'one sentence on {a} that a stranger could check. Without it, every meeting starts from zero.',
      ],
      ['Order by regret', 'do first what is costly to do late: usually the part of {b} that needs other people.'],
      ['One owner', 'a single name beside {a}. Shared ownership is how good ideas die politely.'],
      ['A date to stop', 'agree now when you’ll give up on {b}, while nobody is in love with it yet.'],
      ['The next action', 'what happens tomorrow before ten o’clock? If nobody can say, this is a wish.'],
    ],
    reaction: '{name}’s “{point}” changes the order: I’d do it first.',
    close: 'Review it in two weeks, with the sentence from the first point in hand.',
    instruction: 'Turn “{topic}” into three steps with an owner, an order and a moment to stop.',
  },
  {
    key: 'designer',
    match: /design|ux|user|creativ|artist|idea|innovat|imagin|brainstorm|custom/i,
    phase: 2,
    heading: 'Three directions',
    points: [
      ['Take away', 'what if {a} had half of its parts? The half that people miss is the product.'],
      ['Turn around', 'start where {b} ends. What would people have to see first to arrive there by themselves?'],
      [
        'Borrow',
        'a library, a kitchen and an airport each solved something like {a}. Steal from the one nobody looks at.',
      ],
      ['Watch', 'sit beside five people who meet {b} for the first time, and say nothing.'],
      ['Exaggerate', 'draw {a} so that it is ten times as fast. What breaks shows you where the real limit is.'],
    ],
    reaction: '{name}’s “{point}” is a constraint, and constraints are where the good ideas come from.',
    close: 'Sketch all three for ten minutes each before you like one.',
    instruction: 'Offer three clearly different directions for “{topic}”, one of them uncomfortable.',
  },
];

export const GENERALIST: Stance = {
  key: 'generalist',
  match: /(?:)/,
  phase: 2,
  heading: 'How I see it',
  points: [
    ['What it is about', 'underneath {a} there is a choice between two good things. Name both before choosing.'],
    ['What matters most', 'if only one part of {b} could go well, which should it be? The rest follows from that.'],
    ['What to try', 'a small version of {a}, this week, with somebody who will tell you the truth.'],
    ['What to leave', 'part of {b} will sort itself out. Leave that part alone and keep your strength.'],
    ['What to ask', 'who will live with the outcome of {a}, and have they been asked?'],
  ],
  reaction: 'I’d keep {name}’s “{point}” and build on it.',
  close: 'Start with the part that you can undo.',
  instruction: 'Say what matters most about “{topic}” from your role, and what to do first.',
};

/** By the role's own words; the earliest mention counts, so that a writer who avoids risk stays a writer. */
export function stanceOf(text: string): Stance {
  const found = STANCES.map((stance) => ({ stance, at: text.search(stance.match) })).filter(({ at }) => at >= 0);
  found.sort((one, other) => one.at - other.at);
  return found[0]?.stance ?? GENERALIST;
}

export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
