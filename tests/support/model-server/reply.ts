import { createHash } from 'node:crypto';
import { structuredAsk, type Behaviour, type ChatBody, type JsonSchema } from './behaviour.ts';

const WORDS = (
  'amber anchor basil beacon birch cedar cinder clover cobalt copper coral delta ember fable fern fjord garnet glacier ' +
  'harbor hazel indigo island ivory jasper juniper kestrel lantern laurel linen lotus maple marble meadow mesa mint ' +
  'moss nectar oasis ocean olive onyx opal orchard pebble pepper pine plum prairie quartz raven reef ridge river saffron ' +
  'sage slate spruce summit thistle timber topaz tundra valley velvet violet willow winter zephyr'
).split(' ');

export type Reply = {
  text: string;
  toolCalls: { id: string; name: string; arguments: string }[];
};

/** What the server answers: the same request always gets the same reply. */
export function composeReply(body: ChatBody, behaviour: Behaviour): Reply {
  const ask = structuredAsk(body);
  if (behaviour.toolCalls) {
    const toolCalls = behaviour.toolCalls.map((call, index) => ({
      id: `call_${hash(body).slice(0, 8)}_${index}`,
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    }));
    return { text: behaviour.text ?? '', toolCalls };
  }
  if (ask) {
    const json = behaviour.text ?? JSON.stringify(behaviour.json ?? structuredReply(ask.schema, body, behaviour));
    return ask.via === 'json_schema'
      ? { text: json, toolCalls: [] }
      : { text: '', toolCalls: [{ id: `call_${hash(body).slice(0, 8)}`, name: ask.name, arguments: json }] };
  }
  return { text: behaviour.text ?? derivedText(body, behaviour.tokens ?? 24), toolCalls: [] };
}

/** `Reply from <model>: amber fjord …`, exactly `tokens` words long (or just the head when fewer are asked for). */
function derivedText(body: ChatBody, tokens: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([body.model, body.messages]))
    .digest();
  const words = ['Reply', 'from', `${body.model}:`];
  for (let index = 0; words.length < tokens; index += 1) {
    words.push(WORDS[((digest[index % 32] ?? 0) + index * 7) % WORDS.length] as string);
  }
  return words.slice(0, Math.max(1, tokens)).join(' ');
}

/**
 * A value of the schema's shape. An array whose items carry an enum gets one item for each of its values, and an integer
 * in it counts up from 0: a plan's assignments become all agents, one after the other.
 */
function structuredReply(schema: JsonSchema, body: ChatBody, behaviour: Behaviour): unknown {
  return sample(schema, { position: 0, text: derivedText(body, 8), unknownAgent: behaviour.invalidPlan === true });
}

type Sampling = { position: number; text: string; choice?: unknown; unknownAgent: boolean };

function sample(schema: JsonSchema, given: Sampling): unknown {
  if (schema.enum) return given.unknownAgent ? 'Nobody of that name' : (given.choice ?? schema.enum[0]);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const required = schema.required ?? Object.keys(schema.properties ?? {});
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => required.includes(key))
          .map(([key, property]) => [key, sample(property, given)]),
      );
    }
    case 'array': {
      const choices = Object.values(schema.items?.properties ?? {}).find((property) => property.enum)?.enum;
      return (choices ?? []).map((choice, position) => sample(schema.items ?? {}, { ...given, choice, position }));
    }
    case 'integer':
    case 'number':
      return given.position;
    case 'boolean':
      return false;
    case 'string':
      return given.text;
    default:
      return null;
  }
}

/** Words with their trailing space: what is one token and one event here. */
export function tokenise(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

export function usageOf(
  body: ChatBody,
  behaviour: Behaviour,
  completionTokens: number,
): Record<string, unknown> | null {
  if (behaviour.usage === null) return null;
  const characters = body.messages.reduce((sum, message) => sum + (message.content ?? '').length, 0);
  const promptTokens = Math.ceil(characters / 4) + 3 * body.messages.length;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(behaviour.cachedTokens === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: behaviour.cachedTokens } }),
    ...(behaviour.cost === undefined ? {} : { cost: behaviour.cost }),
    ...behaviour.usage,
  };
}

function hash(body: ChatBody): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
