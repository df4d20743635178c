/** What was printed with console.error and console.warn since the test began. */
export const printed: string[] = [];

/** Takes what was printed so far, for a test that expects some to look at. */
export function takePrinted(): string[] {
  return printed.splice(0);
}
