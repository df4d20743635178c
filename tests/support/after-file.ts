const endings: (() => Promise<void>)[] = [];

/**
 * What is to be closed when the file's last test is done, the last opened first. Vitest ignores an `afterAll` that is
 * called inside `beforeAll` or a test; this one counts from anywhere.
 */
export function afterFile(end: () => Promise<void>): void {
  endings.push(end);
}

export async function endFile(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}
