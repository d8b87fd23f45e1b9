import type { Kept } from '../../src/check/probe.ts';

/** What outlives a run, for one test. */
export function keepParts(): Kept & AsyncDisposable {
  const parts = new Map<string, AsyncDisposable>();
  const drop = async (name: string): Promise<void> => {
    const part = parts.get(name);
    parts.delete(name);
    await part?.[Symbol.asyncDispose]();
  };
  return {
    get: async <Part extends AsyncDisposable>(name: string, open: () => Promise<Part>): Promise<Part> => {
      const part = parts.get(name) ?? (await open());
      parts.set(name, part);
      return part as Part;
    },
    drop,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...parts.keys()].map(drop));
    },
  };
}
