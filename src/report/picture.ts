// One by one: the package as a whole brings the readers of twenty more kinds.
import { JPG } from 'image-size/types/jpg';
import { PNG } from 'image-size/types/png';

/** A picture kept as evidence, by what its own first bytes say. */
export interface Picture {
  readonly type: 'image/png' | 'image/jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
}

const kinds = [
  { type: 'image/png', start: Buffer.from('89504e470d0a1a0a', 'hex'), reader: PNG },
  { type: 'image/jpeg', start: Buffer.from('ffd8ff', 'hex'), reader: JPG },
] as const;
/** More than any browser takes a picture of. */
const longestPx = 32_767;

/** The kind and size of a PNG or a JPEG, which screenshots are; undefined for anything else. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  // Other evidence is no business of a reader of pictures.
  const kind = kinds.find(({ start }) => start.equals(bytes.subarray(0, start.length)));
  if (kind === undefined) return undefined;
  try {
    // A copy: of a view into larger memory it would read past the end.
    const copy = new Uint8Array(bytes);
    if (!kind.reader.validate(copy)) return undefined;
    const { width: widthPx, height: heightPx } = kind.reader.calculate(copy);
    const isSound = widthPx > 0 && heightPx > 0 && widthPx <= longestPx && heightPx <= longestPx;
    return isSound ? { type: kind.type, widthPx, heightPx } : undefined;
  } catch {
    return undefined;
  }
}
