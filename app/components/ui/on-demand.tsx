import { useEffect, useState, type ComponentType } from 'react';

/** Code that a page works without until somebody opens something. */
export type Code<T> = {
  /** What was fetched, or null. */
  now: () => T | null;
  /** Fetches it once; after a failure the next call tries again. */
  fetch: () => Promise<T>;
};

export function codeOf<T>(load: () => Promise<T>): Code<T> {
  let here: T | null = null;
  let coming: Promise<T> | null = null;
  return {
    now: () => here,
    fetch: () =>
      (coming ??= load().then(
        (code) => (here = code),
        (error: unknown) => {
          coming = null;
          throw error;
        },
      )),
  };
}

/** The code from when it is first wanted on; null until it is there. */
export function useCode<T>(code: Code<T>, wanted: boolean): T | null {
  const [everWanted, setEverWanted] = useState(wanted);
  if (wanted && !everWanted) setEverWanted(true);
  const [, setArrived] = useState(false);
  useEffect(() => {
    if (!wanted || code.now()) return;
    let left = false;
    code.fetch().then(
      () => left || setArrived(true),
      // A newer version of the product is served: its page has other code. Without a network nothing opens.
      () => left || !navigator.onLine || location.reload(),
    );
    return () => {
      left = true;
    };
  }, [code, wanted]);
  return everWanted ? code.now() : null;
}

/** Fetches ahead, when a pointer or the keyboard comes near; what goes wrong is dealt with when it is wanted. */
export function fetchAhead(code: Code<unknown>): void {
  code.fetch().catch(() => undefined);
}

/** A component of what opens over a page: its code is fetched when it is first `wanted`. */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  wanted: (props: Props) => boolean = () => true,
): (props: Props) => React.ReactNode {
  const code = codeOf(load);
  return function OnDemand(props) {
    const Component = useCode(code, wanted(props));
    return Component && <Component {...props} />;
  };
}
