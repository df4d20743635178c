import { expect, it } from 'vitest';
import type { Quote } from '#server/billing/contract.ts';
import { startTestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { createDirectSession, createRoom, type AgentSpec } from '../support/rooms.ts';
import { sendTurn, waitForTurn } from '../support/turns.ts';

const TURNS = Number(process.env['BILLING_QUOTED_TURNS'] ?? 40);

/** How long each agent’s answers are, in tokens: from a remark to a page, and never twice the same. */
const LENGTHS = [30, 80, 160, 320, 700];

let seed = 5;
function random(below: number): number {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return Math.floor((seed / 4_294_967_296) * below);
}

const product = await startTestApp({
  model: {
    behave: ({ messages }) => {
      const name = /You are (\w+)/.exec(String(messages[0]?.content))?.[1] ?? 'Manager';
      const usual = LENGTHS[name.length % LENGTHS.length] ?? 100;
      return { tokens: Math.round(usual * (0.5 + random(1_000) / 1_000)) };
    },
  },
});

const AGENTS: AgentSpec[] = [
  { name: 'Al', memoryPolicy: 'none' },
  { name: 'Bea', modelAlias: 'qwen', memoryPolicy: 'full' },
  { name: 'Cleo', modelAlias: 'gpt_oss', memoryPolicy: 'summary' },
  { name: 'Dorin', memoryPolicy: 'selective', fallbackAlias: 'qwen' },
];

const WORDS =
  'what would you change in this plan if the budget were half and the deadline a month earlier and why'.split(' ');

function message(tag: string): string {
  const words = Array.from({ length: 3 + random(120) }, () => WORDS[random(WORDS.length)]);
  return `${tag} ${words.join(' ')}`;
}

type Outcome = { mode: string; min: bigint; expected: bigint; max: bigint; charged: bigint; held: bigint };

async function quoteAndRun(
  client: Client,
  mode: string,
  path: string,
  to: Parameters<typeof sendTurn>[1],
  text: string,
): Promise<Outcome> {
  const { body: quote } = await client.post<Quote>(`${path}/quote`, { message: text });
  const sent = await sendTurn(client, to, text);
  const turn = await waitForTurn(client, sent.id, { timeoutMs: 60_000 });
  expect(turn.status).toBe('completed');
  return {
    mode,
    min: BigInt(quote.minMicroCredits),
    expected: BigInt(quote.expectedMicroCredits),
    max: BigInt(quote.maxMicroCredits),
    charged: BigInt(turn.chargedMicroCredits),
    held: BigInt(sent.reservedMicroCredits),
  };
}

it(
  `of ${TURNS} reference turns at least 95 % are charged inside their quote, no quote is above the hold, and most cost about what was expected`,
  async () => {
    const { client } = await product.createUser({ microCredits: 10_000_000_000n });
    const outcomes: Outcome[] = [];
    const each = Math.ceil(TURNS / 4);
    for (const mode of ['manual', 'roundtable', 'orchestrator'] as const) {
      const room = await createRoom(client, { agents: AGENTS, mode });
      for (let turn = 0; turn < each; turn += 1) {
        const tag = ['@all', '@Al', '@Bea @Cleo', '@others @Dorin'][random(4)] ?? '@all';
        outcomes.push(
          await quoteAndRun(client, mode, `/rooms/${room.id}`, room.id, message(mode === 'manual' ? tag : '')),
        );
      }
    }
    const direct = await createDirectSession(client, AGENTS[1]);
    for (let turn = 0; turn < each; turn += 1) {
      const to = { directSessionId: direct.id };
      outcomes.push(await quoteAndRun(client, 'direct', `/direct-sessions/${direct.id}`, to, message('')));
    }
    const inside = outcomes.filter(({ min, max, charged }) => min <= charged && charged <= max);
    const width = outcomes.map(({ min, max }) => Number(max) / Number(min)).sort((a, b) => a - b)[
      Math.floor(outcomes.length / 2)
    ];
    const missed = outcomes.filter((outcome) => !inside.includes(outcome));
    const near = outcomes.filter(
      ({ expected, charged }) => expected <= charged * 2n && charged <= expected * 2n,
    ).length;
    process.stdout.write(`${near} of ${outcomes.length} cost between half and double what was expected\n`);
    process.stdout.write(
      `${inside.length} of ${outcomes.length} inside; the middle quote’s end is ${width?.toFixed(1)} times its beginning\n`,
    );
    expect(outcomes.filter(({ max, held }) => max > held)).toEqual([]);
    expect(
      missed.length,
      JSON.stringify(missed, (_key, value: unknown) => String(value)),
    ).toBeLessThanOrEqual(outcomes.length * 0.05);
    expect(outcomes.filter(({ min, expected, max }) => expected < min || expected > max)).toEqual([]);
    expect(near).toBeGreaterThanOrEqual(outcomes.length * 0.8);
    // A range that says something: it must not be there by being endless.
    expect(width).toBeLessThan(40);
  },
  60_000 + TURNS * 5_000,
);
