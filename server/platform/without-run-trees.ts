import { AsyncLocalStorageProviderSingleton as provider } from '@langchain/core/singletons';

/**
 * For each node, each write and each branch of a graph LangChain makes a run tree for LangSmith, with an id of random bytes
 * and a date, and asks the environment whether that is traced, also where nothing is: 7 % of what this process spends on a
 * turn. Here they run as they are, unless somebody listens to them. What is lost is the implicit config (`getConfig()`,
 * `interrupt()`): nodes here are given theirs (docs/decisions/0013-no-run-trees.md).
 */
export function runWithoutRunTrees(): void {
  provider.runWithConfig = (config: { callbacks?: unknown } | undefined, callback) =>
    config?.callbacks ? runWithConfig(config, callback, true) : callback();
}

const runWithConfig = provider.runWithConfig.bind(provider);
