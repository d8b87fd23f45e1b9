import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import type { Expect } from 'playwright/test';
import { Fault } from '../../base/fault.ts';

/** What a flow is given. */
export interface FlowContext {
  /** A page in a context of its own: no cookies, no cache. */
  readonly page: Page;
  /** Playwright's `expect`, which waits for what it expects. */
  readonly expect: Expect;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Names a part of the flow, so that a failure says where it happened. */
  step<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
}

/** What a person would do in a browser. It fails by throwing, as `expect` and Playwright's actions do. */
export type BrowserFlow = (flow: FlowContext) => Promise<void>;

/** The flow that a module exports by default. A module that cannot be loaded is our trouble, not the target's. */
export async function loadFlow(script: string): Promise<BrowserFlow> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(script).href)) as { readonly default?: unknown };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new Fault('probe/cannot-run', `the script ${script} cannot be loaded: ${says}`, { cause: error });
  }
  if (typeof module.default !== 'function') {
    throw new Fault('probe/cannot-run', `the script ${script} has no flow`, {
      hint: 'export default a function: export default (async ({ page, step }) => { … }) satisfies BrowserFlow',
    });
  }
  return module.default as BrowserFlow;
}
