import { AsyncLocalStorageProviderSingleton as provider } from '@langchain/core/singletons';

/**
 * For each node, each write and each branch of a graph LangChain makes a run tree for LangSmith, with an id of random bytes
 * and a date, also where nothing is traced: 6 % of what this process spends on a turn. A parameter of its own leaves
 * that out, but nobody who calls it passes it. What is lost is the implicit config (`getConfig()`, `interrupt()`): nodes here are
 * given theirs (docs/decisions/0013-no-run-trees.md).
 */
export function runWithoutRunTrees(): void {
  provider.runWithConfig = (config, callback) => runWithConfig(config, callback, true);
}

const runWithConfig = provider.runWithConfig.bind(provider);
