import { useRouteLoaderData } from '@remix-run/react';

/** What models are called in the prices in effect, by alias: the admin layout loads it for all of its pages. */
export function useModelName(): (alias: string) => string {
  const names = useRouteLoaderData<{ modelNames: Record<string, string> }>('routes/admin')?.modelNames ?? {};
  return (alias) => names[alias] ?? alias;
}

type ModelNameProps = { alias: string | null | undefined; served?: string | null | undefined };

/** A model by its name; below it what the provider calls what was served. */
export function ModelName({ alias, served }: ModelNameProps) {
  const nameOf = useModelName();
  return (
    <>
      {alias ? nameOf(alias) : ''}
      {served && <span className="block truncate text-xs text-ink-faint">{served}</span>}
    </>
  );
}
