import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_DOCUMENT } from '#app/api-document.server.ts';
import { route } from '#app/routes/api.v1.openapi[.]json.ts';
import { describeApi, shapesOf, type Shape } from '#server/http/describe-api.ts';
import type { LoadContext } from '#server/http/load-context.ts';
import { routePath } from '#server/http/route-path.ts';

const ROUTES = new URL('../../app/routes/', import.meta.url);

type Schema = Record<string, unknown>;
type Described = {
  operationId: string;
  summary: string;
  security: Schema[];
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
};
type Document = {
  openapi: string;
  info: Schema;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema> };
};

async function readDocument(): Promise<Document> {
  const context = { requestId: 'r', authenticate: () => Promise.resolve(null) } as unknown as LoadContext;
  const response = await route.loader({ request: new Request('http://localhost/'), params: {}, context });
  expect(response.status).toBe(200);
  return (await response.json()) as Document;
}

const document = await readDocument();
const all = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('has every API route file, and nothing that has no file', () => {
    const files = readdirSync(ROUTES).filter(
      (name) => /^((api\.)?v1\.|langgraph\.|mcp\.ts$)/.test(name) && !name.includes('.test.'),
    );
    expect(Object.keys(document.paths).sort()).toEqual(files.map(routePath).sort());
  });

  it('is 3.1 and needs no sign-in itself, while rooms need one of two', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/openapi.json']?.['get']?.security).toEqual([]);
    expect(document.paths['/api/v1/rooms']?.['get']?.security).toEqual([{ cookie: [] }, { bearer: [] }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['cookie', 'bearer']);
  });

  it('names every operation once', () => {
    const names = all.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('getRoomsByRoomIdAgents');
  });

  it('declares the parameters of each path, all of them required', () => {
    for (const { path, operation } of all) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it('gives each operation one success and problem documents', () => {
    for (const { path, operation } of all) {
      const statuses = Object.keys(operation.responses);
      expect(statuses.filter((status) => /^[23]/.test(status))).toHaveLength(1);
      for (const status of statuses.filter((each) => !/^[23]/.test(each))) {
        const type = path.startsWith('/v1/') ? 'application/json' : 'application/problem+json';
        expect(Object.keys(operation.responses[status]?.content ?? {})).toEqual([type]);
      }
    }
  });

  it('refers only to schemas that it has', () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(referred.length).toBeGreaterThan(10);
    for (const [, name] of referred) expect(document.components.schemas).toHaveProperty(name ?? '');
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Room', 'Agent', 'Problem']));
  });

  it('says of a request what the request is judged by', () => {
    const post = document.paths['/api/v1/rooms/{roomId}/agents']?.['post'];
    const body = post?.requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({ required: ['name', 'modelAlias', 'rolePrompt'] });
    expect(post?.responses['403']?.description).toContain('model_not_allowed');
    expect(post?.responses['422']?.description).toContain('invalid_input');
  });
});

describe('the API reference', () => {
  const namesIn = ({ type, fields }: Shape): string[] => [
    ...type.flatMap((word) => (typeof word === 'string' ? [] : [word.ref])),
    ...fields.flatMap(({ shape }) => namesIn(shape)),
  ];

  it('has every operation once, and beside it every shape that it names', () => {
    const sections = describeApi(API_DOCUMENT);
    const shown = sections.flatMap(({ operations }) => operations);
    expect(shown.map(({ id }) => id).sort()).toEqual(all.map(({ operation }) => operation.operationId).sort());
    for (const { operations } of sections) {
      const shapes = shapesOf(API_DOCUMENT, operations);
      const described = new Set(shapes.map(({ name }) => name));
      const named = operations.flatMap(({ body, answers, inQuery }) => [
        ...(body ? namesIn(body) : []),
        ...answers.flatMap(({ types }) => types.flatMap(({ shape }) => namesIn(shape))),
        ...inQuery.flatMap(({ shape }) => namesIn(shape)),
      ]);
      for (const name of [...named, ...shapes.flatMap(({ shape }) => namesIn(shape))])
        expect(described).toContain(name);
    }
  });

  it('says in words what a value may be', () => {
    const [sendTurn] = describeApi(API_DOCUMENT)
      .flatMap(({ operations }) => operations)
      .filter(({ path, method }) => path === '/api/v1/rooms/{roomId}/turns' && method === 'POST');
    const fields = sendTurn?.body?.fields.map(({ name, required, shape }) => [
      name,
      required,
      shape.type.filter((word) => typeof word === 'string').join(''),
    ]);
    expect(fields).toContainEqual(['message', true, expect.stringMatching(/^string, at most [\d,]+ characters$/)]);
    expect(sendTurn?.answers.map(({ status }) => status)).toEqual(['202']);
    expect(sendTurn?.refusals.map(({ status }) => status)).toContain('402');
  });
});
