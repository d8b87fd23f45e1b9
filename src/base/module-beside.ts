import { extname } from 'node:path';

/**
 * The module `name` beside the one at `from`, an `import.meta.url`: compiled code stands under the same names with another ending. For what is
 * started or loaded by its address, such as a thread; an import is rewritten by the compiler.
 */
export function moduleBeside(from: string, name: string): URL {
  return new URL(`${name}${extname(new URL(from).pathname)}`, from);
}
