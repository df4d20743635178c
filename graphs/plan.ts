import { z } from 'zod';
import type { AgentSnapshot, Assignment, Plan } from './ports.ts';
import type { FileRef } from './state.ts';

/** Assignments of one plan; an agent may have several. */
export const MAX_ASSIGNMENTS = 12;

/** A file as the manager names it: two files of one name are told apart. */
export type NamedFile = FileRef & { handle: string };

export function nameFiles(files: FileRef[]): NamedFile[] {
  return files.map((file, place) => {
    const twins = files.slice(0, place).filter((other) => other.name === file.name).length;
    return { ...file, handle: twins === 0 ? file.name : `${file.name} (${twins + 1})` };
  });
}

/** The plan as a JSON schema that strict structured output accepts: everything required, nothing else allowed. */
export function planSchema(roster: AgentSnapshot[], files: NamedFile[]): Record<string, unknown> {
  const properties = {
    agent: { type: 'string', enum: roster.map((agent) => agent.name) },
    instruction: { type: 'string', description: 'What this agent is to do.' },
    group: { type: 'integer', description: 'Lowest first; equal numbers at the same time.' },
    ...(files.length > 0 && {
      files: {
        type: 'array',
        items: { type: 'string', enum: files.map((file) => file.handle) },
        description: 'Files that this agent is to read; none is an empty list.',
      },
    }),
  };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['rationale', 'assignments'],
    properties: {
      rationale: { type: 'string', description: 'Why these agents and this order, in one or two sentences.' },
      assignments: {
        type: 'array',
        items: { type: 'object', additionalProperties: false, required: Object.keys(properties), properties },
      },
    },
  };
}

const ZRawPlan = z.object({
  rationale: z.string().max(8_000).default(''),
  assignments: z
    .array(
      z.object({
        agent: z.string(),
        instruction: z.string().trim().min(1, 'an instruction is missing').max(8_000),
        group: z.int(),
        files: z.array(z.string()).nullish(),
      }),
    )
    .min(1, 'at least one assignment is needed')
    .max(MAX_ASSIGNMENTS, `at most ${MAX_ASSIGNMENTS} assignments are allowed`),
});

export type ParsedPlan = { plan: Plan; problem?: never } | { plan?: never; problem: string };

/**
 * Judges the manager's text against the room. A valid plan comes back in working order, its groups numbered 1, 2, 3….
 * An agent without leave to read files is directed to none: its tools would refuse them anyway.
 */
export function parsePlan(
  text: string,
  roster: AgentSnapshot[],
  files: NamedFile[],
  most = MAX_ASSIGNMENTS,
): ParsedPlan {
  const raw = ZRawPlan.safeParse(parseJson(text));
  if (!raw.success) return { problem: raw.error.issues.map(describe).join('; ') };

  const problems: string[] = [];
  if (raw.data.assignments.length > most) problems.push(`at most ${most} assignments are allowed`);
  const assignments: Assignment[] = raw.data.assignments.map(({ agent, instruction, group, files: wanted }) => {
    const known = roster.find(({ name }) => name === agent) ?? roster.find(({ name }) => sameName(name, agent));
    if (!known)
      problems.push(`there is no agent called “${agent}”; the agents are ${listOf(roster.map((a) => a.name))}`);
    const handles = [...new Set(wanted ?? [])];
    for (const handle of handles) {
      if (!files.some((file) => file.handle === handle)) problems.push(`there is no file called “${handle}”`);
    }
    const readable = known?.toolPermissions.files ? handles : [];
    return { agent: known?.name ?? agent, instruction, group, ...(readable.length > 0 && { files: readable }) };
  });
  if (problems.length > 0) return { problem: [...new Set(problems)].join('; ') };

  const groups = [...new Set(assignments.map(({ group }) => group))].sort((a, b) => a - b);
  const ordered = assignments
    .map((assignment) => ({ ...assignment, group: groups.indexOf(assignment.group) + 1 }))
    .sort((a, b) => a.group - b.group);
  return { plan: { rationale: raw.data.rationale.trim(), assignments: ordered } };
}

/** Some models wrap their JSON in a code fence even when asked for JSON only. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim().replace(/^```(?:json)?\s*|\s*```$/g, ''));
  } catch {
    return undefined;
  }
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.path.length === 0) return 'the answer is not the JSON object that was asked for';
  return `${issue.path.map(String).join('.')}: ${issue.message}`;
}

function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').trim().toLowerCase();
}

function listOf(names: string[]): string {
  return names.map((name) => `“${name}”`).join(', ');
}
