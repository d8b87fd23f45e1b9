import type { ConfigNode } from '../node.ts';

/** What a module of checks came to: each check that it exports by default, and what is wrong with it. */
export interface ModuleAnswer {
  readonly nodes: readonly ConfigNode[];
  readonly refused: readonly { readonly message: string; readonly hint?: string }[];
}

export function cannotBeLoaded(error: unknown): ModuleAnswer {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
  return { nodes: [], refused: [{ message: `this module cannot be loaded: ${first}` }] };
}
