/**
 * The address that Remix gives to a flat route file: `./api.v1.rooms.$roomId.ts` → `/api/v1/rooms/{roomId}`.
 * What stands in brackets is taken as it is: `api.v1.openapi[.]json.ts` → `/api/v1/openapi.json`.
 */
export function routePath(file: string): string {
  const name = file.replace(/^.*\//, '').replace(/\.tsx?$/, '');
  const segments = name.match(/(?:\[[^\]]*\]|[^.[])+/g) ?? [];
  return segments.map((segment) => `/${addressPart(segment)}`).join('');
}

function addressPart(segment: string): string {
  if (segment.startsWith('$')) return `{${segment.slice(1).replace(/_$/, '')}}`;
  return segment.replace(/_$/, '').replace(/\[([^\]]*)\]/g, '$1');
}
