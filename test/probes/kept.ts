import type { Kept } from '../../src/check/probe.ts';

/** What outlives a run, for as long as a test lasts. */
export function keepParts(): Kept & AsyncDisposable {
  const parts = new Map<string, Promise<AsyncDisposable>>();
  const drop = async (name: string): Promise<void> => {
    const part = parts.get(name);
    parts.delete(name);
    await (await part)?.[Symbol.asyncDispose]();
  };
  return {
    get: <Part extends AsyncDisposable>(name: string, open: () => Promise<Part>): Promise<Part> => {
      const part = parts.get(name) ?? open();
      parts.set(name, part);
      return part as Promise<Part>;
    },
    drop,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...parts.keys()].map(drop));
    },
  };
}
