import type { Series, Target } from '../../stack/prometheus.ts';
import { newestMs } from '../../stack/samples.ts';
import { intervalOf } from './times.ts';

/**
 * Those series that the latest scrape of their target brought. The raw samples of a window also hold series
 * that ended in it, as after a restart with other labels or buckets: they say nothing of how the metric is now.
 */
export function liveSeries(series: readonly Series[], targets: readonly Target[]): readonly Series[] {
  const byInstance = Map.groupBy(series, instanceOf);
  return [...byInstance].flatMap(([instance, own]) => {
    const newest = newestMs(own) ?? 0;
    const ofInstance = targets.filter((target) => (target.labels['instance'] ?? '') === instance);
    const intervalMs = intervalOf(ofInstance.length > 0 ? ofInstance : targets);
    return own.filter(({ samples }) => (samples.at(-1)?.[0] ?? -Infinity) > newest - intervalMs / 2);
  });
}

function instanceOf({ labels }: Series): string {
  return labels['instance'] ?? '';
}
