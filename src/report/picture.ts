import { imageSize } from 'image-size';

/** A picture kept as evidence, by what its own first bytes say. */
export interface Picture {
  readonly type: 'image/png' | 'image/jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
}

const types: Readonly<Record<string, Picture['type']>> = { png: 'image/png', jpg: 'image/jpeg' };
const starts = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ff', 'hex')];
/** More than any browser takes a picture of. */
const longestPx = 32_767;

/** The kind and size of a PNG or a JPEG, which screenshots are; undefined for anything else. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  // Other evidence is no business of a reader of pictures.
  if (!starts.some((start) => start.equals(bytes.subarray(0, start.length)))) return undefined;
  try {
    // A copy: of a view into larger memory it would read past the end.
    const { width: widthPx, height: heightPx, type: kind = '' } = imageSize(new Uint8Array(bytes));
    const type = types[kind];
    const isSound = widthPx > 0 && heightPx > 0 && widthPx <= longestPx && heightPx <= longestPx;
    return isSound && type !== undefined ? { type, widthPx, heightPx } : undefined;
  } catch {
    return undefined;
  }
}
