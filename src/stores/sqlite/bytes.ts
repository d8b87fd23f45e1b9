/** Writes numbers in as few bytes as they need: seven bits to a byte (LEB128), negative ones by zigzag. */
export interface ByteWriter {
  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void;
  signed(value: number): void;
  bytes(value: Uint8Array): void;
  done(): Uint8Array<ArrayBuffer>;
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(1024);
  let at = 0;
  const room = (size: number): void => {
    if (at + size <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + size));
    larger.set(buffer.subarray(0, at));
    buffer = larger;
  };
  const number = (value: number): void => {
    room(8);
    let left = value;
    while (left >= 0x80) {
      buffer[at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    buffer[at++] = left;
  };
  return {
    number,
    signed: (value) => number(value < 0 ? -2 * value - 1 : 2 * value),
    bytes: (value) => {
      room(value.length);
      buffer.set(value, at);
      at += value.length;
    },
    done: () => buffer.slice(0, at),
  };
}

/** Reads what a ByteWriter wrote. */
export interface ByteReader {
  number(): number;
  signed(): number;
  bytes(length: number): Uint8Array;
  rest(): Uint8Array;
  atEnd(): boolean;
}

export function byteReader(buffer: Uint8Array): ByteReader {
  let at = 0;
  const number = (): number => {
    let byte = buffer[at++] ?? cutShort();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = buffer[at++] ?? cutShort();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  };
  return {
    number,
    signed: () => {
      const value = number();
      return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    },
    bytes: (length) => {
      if (at + length > buffer.length) cutShort();
      at += length;
      return buffer.subarray(at - length, at);
    },
    rest: () => buffer.subarray(at),
    atEnd: () => at >= buffer.length,
  };
}

/** Bytes that end too early are no bytes of ours. */
export class CutShort extends Error {}

export function cutShort(): never {
  throw new CutShort('a packed row ends too early');
}
