import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { route } from '#app/routes/api.v1.openapi[.]json.ts';
import type { LoadContext } from '#server/http/load-context.ts';

/** `npm run generate:sdk` writes it anew. */
test('the SDK’s types are those of the API as it is', async () => {
  const context = { requestId: 'r', authenticate: () => Promise.resolve(null) } as unknown as LoadContext;
  const response = await route.loader({ request: new Request('http://localhost/'), params: {}, context });
  const types = astToString(await openapiTS((await response.json()) as OpenAPI3));
  const file = `// Made from the API’s OpenAPI document by \`npm run generate:sdk\`.\n\n${types}`;
  await expect(file).toMatchFileSnapshot('../../packages/sdk/src/schema.ts');
});
