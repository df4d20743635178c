import { fill, stanceOf } from './stances.ts';
import { textOf, type DemoRequest, type DemoSchema } from './wire.ts';
import { gist, keywords } from './words.ts';

/** A value of the asked shape; where the shape is a plan, a sensible one. */
export function composeStructured(request: DemoRequest, schema: DemoSchema): unknown {
  const message = firstAskOf(request);
  const plan = planShape(schema);
  if (!plan) return sample(schema, gist(message));
  const system = request.messages
    .filter((one) => one.role === 'system' || one.role === 'developer')
    .map(textOf)
    .join('\n');
  const workers = chooseAgents(plan.agents, message, system);
  const phases = [...new Set(workers.map(({ stance }) => stance.phase))].sort();
  const topic = gist(message, 90).replace(/[.?!]$/, '');
  const assignments = workers.map(({ name, stance }) => ({
    ...(sample(plan.item, '') as Record<string, unknown>),
    agent: name,
    instruction: fill(stance.instruction, { topic }),
    group: phases.indexOf(stance.phase) + 1,
    ...(plan.files ? { files: plan.files.filter((file) => message.includes(file)) } : {}),
  }));
  const order = [...assignments].sort((one, other) => one.group - other.group);
  return {
    ...(sample(schema, '') as Record<string, unknown>),
    rationale: `Offline demo model: for “${topic}” I ask ${order.map(({ agent }) => agent).join(', then ')}${
      phases.length > 1 ? ', so that the later ones can build on what the earlier ones found' : ''
    }.`,
    [plan.key]: order,
  };
}

/** A correction of a plan comes as a later message; what the plan is about is in the last message before any attempt. */
function firstAskOf(request: DemoRequest): string {
  const users = request.messages.filter((message) => message.role === 'user').map(textOf);
  return users.findLast((text) => !/^That plan can.t be used/.test(text)) ?? '';
}

type PlanShape = { key: string; item: DemoSchema; agents: string[]; files: string[] | null };

/** An object with a list whose items have an `agent` out of a fixed set. */
function planShape(schema: DemoSchema): PlanShape | null {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const agents = property.items?.properties?.['agent']?.enum;
    if (!property.items || !agents) continue;
    const files = property.items.properties?.['files']?.items?.enum;
    return { key, item: property.items, agents: agents.map(String), files: files?.map(String) ?? null };
  }
  return null;
}

/** Whoever is named; else whose role shares words with the message; else everybody, but no more than three. */
function chooseAgents(names: string[], message: string, system: string) {
  const wanted = keywords(message).map((word) => word.toLowerCase());
  const words = ` ${message.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const roles = rolesIn(system);
  const agents = names.map((name) => {
    const role = roles.get(name) ?? '';
    const mentioned = words.includes(` ${name.toLowerCase()} `);
    const shared = wanted.filter((word) => role.toLowerCase().includes(word.slice(0, 6))).length;
    return { name, stance: stanceOf(`${name}. ${role}`), mentioned, shared };
  });
  const named = agents.filter((agent) => agent.mentioned);
  if (named.length > 0) return named;
  return agents.sort((one, other) => other.shared - one.shared).slice(0, 3);
}

/** The manager's prompt has a line `<name> (can …)` for each agent and the role between lines of tildes below it. */
function rolesIn(system: string): Map<string, string> {
  const blocks = system.matchAll(/^(.+?)(?: \(can .*\))?:?\n(~{3,})\n([\s\S]*?)\n\2$/gm);
  return new Map(Array.from(blocks, (block) => [block[1] ?? '', block[3] ?? '']));
}

/** Any other shape: the smallest value that fits it, with the person's words where a text is wanted. */
export function sample(schema: DemoSchema, text: string): unknown {
  if (schema.enum) return schema.enum[0];
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const required = schema.required ?? [];
      const properties = Object.entries(schema.properties ?? {}).filter(([key]) => required.includes(key));
      return Object.fromEntries(properties.map(([key, property]) => [key, sample(property, text)]));
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'string':
      return text;
    default:
      return null;
  }
}
