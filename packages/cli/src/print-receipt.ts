import type { Turn } from '../../sdk/src/index.ts';
import { print } from './terminal.ts';

/** Who asked which model, by which formula, and what the tools cost. */
export async function printReceipt(turn: Turn): Promise<0> {
  const { calls, tools, sumMicroCredits, pricingVersion } = await turn.receipt();
  for (const call of calls) print(`${call.agentName}  ${call.model}  ${call.formula}\n`);
  for (const { tool, units, chargedMicroCredits } of tools) print(`${tool}  ${units}  ${chargedMicroCredits}\n`);
  return print(`${Number(sumMicroCredits) / 1_000_000} credits by ${pricingVersion.name}\n`);
}
