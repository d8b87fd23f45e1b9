import { errorFunction, probit } from 'simple-statistics';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of `hits` in `tries`: unlike the textbook's it stays within 0 and 1, and is honest for few tries and extreme shares. */
export function wilson(hits: number, tries: number, confidence: number): Interval {
  if (tries === 0) return { low: 0, high: 1 };
  const z = quantile(1 - (1 - confidence) / 2);
  const share = hits / tries;
  const scale = 1 + (z * z) / tries;
  const middle = (share + (z * z) / (2 * tries)) / scale;
  const reach = (z * Math.sqrt((share * (1 - share)) / tries + (z * z) / (4 * tries * tries))) / scale;
  // Rounding must not keep a clean sheet from being one.
  return { low: hits === 0 ? 0 : Math.max(0, middle - reach), high: hits === tries ? 1 : Math.min(1, middle + reach) };
}

/** Of the standard normal distribution. The package's own is right to two digits only; Newton's steps along its error function add the others. */
function quantile(probability: number): number {
  let z = probit(probability);
  for (let step = 0; step < 4; step += 1) {
    const below = (1 + errorFunction(z / Math.SQRT2)) / 2;
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z -= (below - probability) / density;
  }
  return z;
}

/** From how many cases the interval would be on one side of the bound, if the share stayed as it is; undefined when it never would. */
export function casesToTell(share: number, bound: number, confidence: number): number | undefined {
  const mostCases = 10_000_000;
  const tells = (tries: number): boolean => {
    const { low, high } = wilson(share * tries, tries, confidence);
    return low >= bound || high < bound;
  };
  if (share === bound || !tells(mostCases)) return undefined;
  let few = 1;
  let enough = mostCases;
  while (few < enough) {
    const middle = Math.floor((few + enough) / 2);
    if (tells(middle)) enough = middle;
    else few = middle + 1;
  }
  return enough;
}
