/** A picture kept as evidence, by what its own first bytes say. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const headerEnd = 24;
/** More than any browser takes a picture of. */
const longestPx = 32_767;

/** The size of a PNG, which screenshots are; undefined for anything else. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headerEnd));
  if (head.length < headerEnd || !head.subarray(0, signature.length).equals(signature)) return undefined;
  if (head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const [widthPx, heightPx] = [head.readUInt32BE(16), head.readUInt32BE(20)];
  const isSound = widthPx > 0 && heightPx > 0 && widthPx <= longestPx && heightPx <= longestPx;
  return isSound ? { widthPx, heightPx } : undefined;
}
