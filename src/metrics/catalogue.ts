import { checkMetrics } from './catalogue/checks.ts';
import { daemonMetrics } from './catalogue/daemon.ts';

/** Every metric of the daemon, in the order of /metrics; docs/metrics.md says the same. */
export const catalogue = { ...checkMetrics, ...daemonMetrics } as const;
