import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { nodeOfValue } from '../node-of-value.ts';
import { cannotBeLoaded, type ModuleAnswer } from './answer.ts';

parentPort?.on('message', (path: string) => {
  void answerTo(path).then((answer) => parentPort?.postMessage(answer));
});

async function answerTo(path: string): Promise<ModuleAnswer> {
  try {
    const { default: declared } = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
    if (declared === undefined) {
      return { nodes: [], refused: [{ message: 'this module exports no check', hint: 'export default defineCheck({ … })' }] };
    }
    const refused: { message: string }[] = [];
    const refuse = (message: string): void => void refused.push({ message });
    const nodes = Array.isArray(declared)
      ? declared.flatMap((each: unknown, index) => nodeOfValue(each, { path, at: [index], refuse }) ?? [])
      : [nodeOfValue(declared, { path, at: [], refuse }) ?? []].flat();
    return { nodes, refused };
  } catch (error) {
    return cannotBeLoaded(error);
  }
}
