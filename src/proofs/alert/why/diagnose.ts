import { counterTakenAsItStands } from './counter.ts';
import type { Diagnosis, Examined } from './examined.ts';
import { histogramNamedWhole, quantileOfAllTime, quantileWithoutBounds, thresholdBeyondBuckets } from './histogram.ts';
import { seriesNotThere, silentWithoutData } from './series.ts';
import { rateTakenForShare, valueTakenForPercentage } from './share.ts';
import { windowTooShort } from './window.ts';

/** Each knows one mistake. Those that explain a symptom say nothing without it; the others are sure whatever the tests said. */
const known: readonly ((examined: Examined) => readonly Diagnosis[])[] = [
  histogramNamedWhole,
  quantileWithoutBounds,
  quantileOfAllTime,
  thresholdBeyondBuckets,
  rateTakenForShare,
  windowTooShort,
  counterTakenAsItStands,
  silentWithoutData,
  seriesNotThere,
  valueTakenForPercentage,
];

/** Why a rule fires where it must be silent, or is silent where it must fire, in words that a person can act on. */
export function diagnose(examined: Examined): readonly Diagnosis[] {
  return known.flatMap((mistake) => mistake(examined));
}
