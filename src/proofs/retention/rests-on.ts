import type { Basis } from '../../base/basis.ts';
import type { BasisContext } from '../../gate/proof.ts';
import { readOwnMetrics, storageFlags } from './observe.ts';
import { victoriaMetricsOn } from '../../stack/victoria-metrics.ts';
import type { RetentionRequirement } from './requirement.ts';

/** What the server was told of its storage. How full the disk is changes all the time: that ends with age. */
export async function restsOnRetention(_requirement: RetentionRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { signal } = context;
  const what = 'how long Prometheus keeps samples';
  const prometheus = context.prometheus();
  const page = await readOwnMetrics(prometheus, signal);
  const victoriaMetrics = page && victoriaMetricsOn(page);
  if (victoriaMetrics !== undefined) return [{ what, value: victoriaMetrics }];
  const [version, { retention, flags }] = await Promise.all([prometheus.version(signal), prometheus.storage(signal)]);
  return [{ what, value: { version, retention, flags: storageFlags(flags) } }];
}
