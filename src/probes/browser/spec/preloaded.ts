import type { Looks, Noticed } from '../watch-context.ts';

/** The attachment in which the processes that run a spec tell what they saw. */
export const seenName = 'liveproof-seen';
/** The attachment that holds the picture at the end; also the question for a last look, and its answer. */
export const lookedName = 'liveproof-look';

export type ContextSeen = Partial<Noticed & Looks> & { readonly browser?: string; readonly trouble?: string };

/** What the processes that run a spec are given. */
export interface Given {
  /** Playwright's package.json, as the spec finds it. */
  readonly playwright: string;
  /** The public command. */
  readonly command: string;
  readonly executable: string;
  readonly chromiumArguments: readonly string[];
  readonly sandbox: boolean;
  /** For all files of the run. */
  readonly folder: string;
  /** Whether questions are answered. */
  readonly isKept: boolean;
}

const variable = 'LIVEPROOF_SPEC';

export function toEnvironment(given: Given): Record<string, string> {
  return { [variable]: JSON.stringify(given), TMPDIR: given.folder };
}

export function environmentOf(environment: NodeJS.ProcessEnv): Given | undefined {
  const text = environment[variable];
  return text === undefined ? undefined : (JSON.parse(text) as Given);
}

/** Where Node finds it: as TypeScript in this project, as JavaScript in the package. */
export const preload = new URL(`preload${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
