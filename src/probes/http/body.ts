/** Collects what comes in pieces up to a bound. Copies: a single byte that is kept as it came holds on to the whole buffer that it came in. */
export interface Body {
  readonly bytes: number;
  /** Whether there was more than the bound. */
  readonly truncated: boolean;
  add(piece: Uint8Array): void;
  whole(): Buffer;
}

export function collectBody(mostBytes: number): Body {
  let held: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let truncated = false;
  return {
    get bytes() {
      return bytes;
    },
    get truncated() {
      return truncated;
    },
    add(piece) {
      const fits = Math.min(piece.length, mostBytes - bytes);
      truncated ||= fits < piece.length;
      if (bytes + fits > held.length) {
        const larger = Buffer.allocUnsafe(Math.min(mostBytes, bytes === 0 ? fits : Math.max(bytes + fits, 2 * held.length)));
        held.copy(larger, 0, 0, bytes);
        held = larger;
      }
      held.set(fits === piece.length ? piece : piece.subarray(0, fits), bytes);
      bytes += fits;
    },
    whole: () => held.subarray(0, bytes),
  };
}
