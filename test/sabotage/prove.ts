import path from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { proveFile } from '../prove-file.ts';
import type { AccubooksStack } from '../sandbox/accubooks-stack.ts';

const gateFile = path.join(import.meta.dirname, '../../gates/accubooks/gate.yaml');

export interface ProveOptions {
  /** These items and what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  /** Beats what the stack says of itself. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly allowPaging?: boolean;
}

/** Runs the AccuBooks gate on a stack, all of it or some items with what they rest on. */
export async function prove(stack: AccubooksStack, { only, variables = {}, allowPaging }: ProveOptions = {}): Promise<Report> {
  return await proveFile(gateFile, { environment: 'demo', env: { ...stack.variables, ...variables }, only, allowPaging });
}
