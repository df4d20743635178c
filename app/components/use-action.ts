import { useState } from 'react';
import { ApiProblem } from '#app/components/api.ts';

/** One thing at a time: runs it, says that it runs, keeps the problem it ended with. True when it went well. */
export function useAction() {
  const [pending, setPending] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function run(id: string, work: () => Promise<void>): Promise<boolean> {
    setPending(id);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error : new ApiProblem(0, {}));
      return false;
    } finally {
      setPending(null);
    }
  }

  return { pending, problem, run, clear: () => setProblem(null) };
}
