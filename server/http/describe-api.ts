import type { openapiDocument } from '#server/http/openapi.ts';

/** A type in words, `array of`, between the names of shapes that are described elsewhere: `{ ref: 'Turn' }`. */
type TypeWords = (string | { ref: string })[];
/** What an object holds stands in `fields`; they are [] for what is plain. */
export type Shape = { type: TypeWords; fields: Field[] };
export type Field = { name: string; required: boolean; description: string; shape: Shape };

export type ApiOperation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  isPublic: boolean;
  inPath: Field[];
  inQuery: Field[];
  inHeaders: Field[];
  body: Shape | null;
  answers: { status: string; description: string; types: { contentType: string; shape: Shape }[] }[];
  refusals: { status: string; description: string }[];
};
export type ApiSection = { id: string; title: string; operations: ApiOperation[] };
export type NamedShape = { name: string; description: string; shape: Shape };

/** As much of JSON Schema as our documents use. */
type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
};
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security: unknown[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
type Document = {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
};

const TITLES: Record<string, string> = {
  'api-keys': 'API keys',
  langgraph: 'LangGraph',
  mcp: 'MCP',
  openai: 'OpenAI-compatible',
  'openapi.json': 'This description',
};

/** The API's description as pages show it: a section per resource, in the order of their names, the admins’ last. */
export function describeApi(document: ReturnType<typeof openapiDocument>): ApiSection[] {
  const { paths } = document as unknown as Document;
  const sections = new Map<string, ApiSection>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const id = operation.tags[0] ?? 'api';
      const words = id.replaceAll('-', ' ');
      const title = TITLES[id] ?? words.charAt(0).toUpperCase() + words.slice(1);
      const section = sections.get(id) ?? { id, title, operations: [] };
      sections.set(id, section);
      section.operations.push(describeOperation(path, method, operation));
    }
  }
  const place = ({ id, title }: ApiSection) => `${id === 'admin' ? 'z' : 'a'} ${title}`;
  return [...sections.values()].sort((a, b) => place(a).localeCompare(place(b), 'en'));
}

/** What holds for the whole API, a paragraph each. */
export function introductionOf(document: ReturnType<typeof openapiDocument>): string[] {
  return (document as unknown as Document).info.description.split('\n\n').map((part) => part.replaceAll('\n', ' '));
}

/** The shapes that operations name, and those that these name, by name. */
export function shapesOf(document: ReturnType<typeof openapiDocument>, operations: ApiOperation[]): NamedShape[] {
  const { components } = document as unknown as Document;
  const found = new Map<string, NamedShape>();
  const look = ({ type, fields }: Shape): void => {
    for (const word of type) if (typeof word === 'object') add(word.ref);
    for (const { shape } of fields) look(shape);
  };
  const add = (name: string): void => {
    const schema = components?.schemas?.[name];
    if (!schema || found.has(name)) return;
    const shape = shapeOf(schema);
    found.set(name, { name, description: schema.description ?? '', shape });
    look(shape);
  };
  for (const { inPath, inQuery, inHeaders, body, answers } of operations) {
    for (const { shape } of [...inPath, ...inQuery, ...inHeaders]) look(shape);
    if (body) look(body);
    for (const { shape } of answers.flatMap(({ types }) => types)) look(shape);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function describeOperation(path: string, method: string, operation: Operation): ApiOperation {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation;
  const place = (where: string): Field[] =>
    parameters
      .filter((parameter) => parameter.in === where)
      .map(({ name, required = false, description, schema = {} }) => ({
        name,
        required,
        description: description ?? schema.description ?? '',
        shape: shapeOf(schema),
      }));
  const answers = Object.entries(responses).filter(([status]) => /^[123]/.test(status));
  const refusals = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  const body = requestBody && Object.values(requestBody.content)[0]?.schema;
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    isPublic: security.length === 0,
    inPath: place('path'),
    inQuery: place('query'),
    inHeaders: place('header'),
    body: body ? shapeOf(body) : null,
    answers: answers.map(([status, { description, content = {} }]) => ({
      status,
      description,
      types: Object.entries(content).map(([contentType, { schema = {} }]) => ({ contentType, shape: shapeOf(schema) })),
    })),
    refusals: refusals.map(([status, { description }]) => ({ status, description })),
  };
}

function shapeOf(schema: Schema): Shape {
  if (schema.$ref) return { type: [{ ref: schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1) }], fields: [] };
  if (schema.const !== undefined) return { type: [JSON.stringify(schema.const)], fields: [] };
  if (schema.enum) return { type: [schema.enum.map((value) => JSON.stringify(value)).join(' or ')], fields: [] };
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return joined(several, ' or ');
  if (schema.allOf) return joined(schema.allOf, ' and ');
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  if (schema.items) {
    const { type: of, fields } = shapeOf(schema.items);
    return { type: ['array of ', ...of, limitsOf(schema)], fields };
  }
  if (schema.properties) {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties).map(([name, field]) => ({
      name,
      required: required.has(name),
      description: field.description ?? '',
      shape: shapeOf(field),
    }));
    return { type: ['object'], fields };
  }
  if (typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0) {
    const { type: of, fields } = shapeOf(schema.additionalProperties);
    return { type: ['object of ', ...of], fields };
  }
  return { type: [[type, schema.format].filter(Boolean).join(', ') + limitsOf(schema)], fields: [] };
}

function joined(schemas: Schema[], word: string): Shape {
  const shapes = schemas.map(shapeOf);
  return {
    type: shapes.flatMap(({ type }, index) => (index === 0 ? type : [word, ...type])),
    fields: shapes.flatMap(({ fields }) => fields),
  };
}

/** “, 1 to 100”, “, at most 120 characters, "day" if absent”. Bounds that are only a number's own say nothing. */
function limitsOf({ minimum, maximum, maxLength, maxItems, default: absent }: Schema): string {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  const range = least !== undefined && most !== undefined;
  const parts = [
    range && `${least} to ${most}`,
    !range && least !== undefined && `at least ${least}`,
    !range && most !== undefined && `at most ${most}`,
    maxLength !== undefined && `at most ${maxLength.toLocaleString('en')} characters`,
    maxItems !== undefined && `at most ${maxItems}`,
    absent !== undefined && `${JSON.stringify(absent)} if absent`,
  ];
  return parts.map((part) => (part === false ? '' : `, ${part}`)).join('');
}
