import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK` on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU seconds, user and system, of one process so far. Linux only: proc(5), fields 14 and 15 of stat. */
export function cpuSecondsOf(pid: number): number {
  return statOf(pid)?.cpuSeconds ?? 0;
}

/** The same of a process and of all that it has started. */
export function cpuSecondsOfTree(pid: number): number {
  const processes = readdirSync('/proc').flatMap((name) => {
    const found = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    return found ? [{ pid: Number(name), ...found }] : [];
  });
  const sum = (root: number): number =>
    processes
      .filter(({ parent }) => parent === root)
      .reduce((total, child) => total + sum(child.pid), cpuSecondsOf(root));
  return sum(pid);
}

/** Null for a process that has gone. */
function statOf(pid: number): { parent: number; cpuSeconds: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}
