/**
 * Durations counted in buckets whose bounds grow by a fixed factor, as in DDSketch (Masson, Rim, Lee: VLDB 2019) with a relative accuracy of 1%:
 * histograms of any spans add up, and every percentile read from the sum is within 1% of the true one.
 */
export const relativeError = 0.01;

const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);

/** The bucket of a duration in whole microseconds. Bucket 0 is for none at all, 1 for one microsecond. */
export function bucketOf(durationUs: number): number {
  return durationUs < 1 ? 0 : Math.ceil(Math.log(durationUs) / logGamma) + 1;
}

/** More than the bucket of any duration that a number can count in microseconds. */
export const bucketCount = 2048;

/** The duration in milliseconds that stands for all of a bucket: nowhere in it is further away than the relative error. */
export function durationOf(bucket: number): number {
  return bucket === 0 ? 0 : (2 * gamma ** (bucket - 1)) / (1 + gamma) / 1000;
}

/** The shortest duration that at least this share of the counted ones does not exceed (nearest rank); undefined when there are none. */
export function percentile(counts: Float64Array, total: number, share: number): number | undefined {
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total - 1e-9));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] ?? 0;
    if (seen >= rank) return durationOf(bucket);
  }
  return undefined;
}
