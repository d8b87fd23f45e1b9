import type { Otlp } from '../../config/project.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { WatchEvent } from './event.ts';

export interface PushMetricsOptions {
  readonly otlp: Otlp;
  readonly place: string;
  readonly toolVersion: string;
  readonly metrics: Pick<Metrics, 'families'>;
  tell(event: WatchEvent): void;
}

/** Pushes the metrics by OTLP until it is disposed of. */
export async function pushMetrics({ otlp, place, toolVersion, metrics, tell }: PushMetricsOptions): Promise<AsyncDisposable> {
  // Only who pushes pays for the SDK.
  const { startOtlp } = await import('../../metrics/otlp.ts');
  let isFailing = false;
  return startOtlp({
    ...otlp,
    place,
    version: toolVersion,
    families: metrics.families,
    pushed: (trouble) => {
      // A receiver that is down for a night is one piece of news.
      if (trouble !== undefined && !isFailing) tell({ type: 'otlp-failed', because: trouble });
      if (trouble === undefined && isFailing) tell({ type: 'otlp-well-again' });
      isFailing = trouble !== undefined;
    },
  });
}
