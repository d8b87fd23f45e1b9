/** JSON with every text of it, but for the names of keys, turned into what `turn` makes of it. */
export function mapTexts(value: unknown, turn: (text: string) => unknown): unknown {
  if (typeof value === 'string') return turn(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, turn));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, turn)]));
}
