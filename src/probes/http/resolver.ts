import { Resolver } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Asks one name server in place of the system's resolver. Open questions end with `close`. */
export function lookupAt(server: string): { readonly lookup: LookupFunction; close(): void } {
  const resolver = new Resolver();
  resolver.setServers([server]);
  const lookup: LookupFunction = (name, { all }, callback) => {
    const found: { address: string; family: number }[] = [];
    let open = 2;
    let first: NodeJS.ErrnoException | null = null;
    const answered =
      (family: 4 | 6) =>
      (error: NodeJS.ErrnoException | null, addresses: readonly string[] = []) => {
        // Most names have no address of one of the kinds: the other's reason counts.
        if (family === 4 || first === null) first = error ?? first;
        found.push(...addresses.map((address) => ({ address, family })));
        open -= 1;
        if (open > 0) return;
        const [one] = found.toSorted((a, b) => a.family - b.family);
        if (one === undefined) callback(first ?? new Error('no address'), '');
        else if (all === true) callback(null, found);
        else callback(null, one.address, one.family);
      };
    resolver.resolve4(name, answered(4));
    resolver.resolve6(name, answered(6));
  };
  return { lookup, close: () => resolver.cancel() };
}
