import { Suspense, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

/** What waits to wake. `mayWake`: when React asks; `ended`: it is told to; `awake`: it is. */
type Sleep = { mayWake: boolean; awake: boolean; end: () => void; ended: Promise<void> };

/** Those that sleep; the last one wakes first: a conversation is read at its end. */
const asleep: Sleep[] = [];
/** The one whose turn it is, until it is awake. */
let waking: Sleep | null = null;
/** So long it is waited for before the next is woken: it may be gone. */
const LONGEST_MS = 1_000;
/** Somebody pressed something: what React wants to wake now, wakes. */
let hurried = false;

if (typeof window !== 'undefined') {
  const hurry = () => (hurried = true);
  for (const event of ['pointerdown', 'keydown', 'focusin', 'click'])
    window.addEventListener(event, hurry, { capture: true, once: true });
}

/**
 * A piece of a page from the server that wakes by itself, in pauses of the browser, one piece after the other: a page that wakes
 * in one go holds up the first press on a phone. What is pressed wakes at once. What is drawn without a server isn't held up.
 */
export function Wake({ children }: { children: ReactNode }) {
  const [sleep] = useState(createSleep);
  const [given] = useState(() => children);
  const fromServer = useFromServer();
  // React would draw anew what was changed while it slept and does not wake when it is told to.
  if (given !== children) letWake(sleep);
  return (
    <Suspense>
      <Sleeper sleep={fromServer ? sleep : null}>{children}</Sleeper>
    </Suspense>
  );
}

function Sleeper({ sleep, children }: { sleep: Sleep | null; children: ReactNode }) {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- how React is told to wait
  if (sleep && mustWait(sleep)) throw sleep.ended;
  useEffect(() => {
    if (sleep) takeAwake(sleep);
  }, [sleep]);
  return children;
}

function createSleep(): Sleep {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { mayWake: typeof window === 'undefined', awake: false, end, ended };
}

function letWake(sleep: Sleep): void {
  sleep.mayWake = true;
}

function mustWait(sleep: Sleep): boolean {
  if (sleep.mayWake || hurried) return false;
  if (!asleep.includes(sleep)) asleep.push(sleep);
  wakeNext();
  return true;
}

function takeAwake(sleep: Sleep): void {
  sleep.awake = true;
  if (waking === sleep) waking = null;
  wakeNext();
}

function wakeNext(): void {
  if (waking) return;
  let next = asleep.pop();
  while (next?.awake) next = asleep.pop();
  if (!next) return;
  const piece = (waking = next);
  inPause(() => {
    letWake(piece);
    piece.end();
    setTimeout(() => {
      if (waking === piece) waking = null;
      wakeNext();
    }, LONGEST_MS);
  });
}

/** Safari has no callback for when it is idle. */
function inPause(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 300 });
  else setTimeout(work, 20);
}

/** Whether this stands in what the server sent, for as long as it stands there. */
function useFromServer(): boolean {
  const [origin] = useState(createOrigin);
  return useSyncExternalStore(never, origin.now, origin.ofServer);
}

const never = () => () => {};

/** React asks `ofServer` alone while it renders on the server or takes over what that sent, and `now` from then on. */
function createOrigin() {
  let server = false;
  return { now: () => server, ofServer: () => (server = true) };
}
