import { z } from 'zod';
import { parseJson } from '../../base/parse-json.ts';
import { shortened } from '../../base/shortened.ts';
import type { K6Observation, Threshold } from './observation.ts';

const mostThresholds = 100;
const mostFigures = 300;
const longestName = 200;

const metric = z.looseObject({ thresholds: z.record(z.string(), z.boolean()).optional() });
const exported = z.looseObject({ metrics: z.record(z.string(), metric) });

export const trendStats = 'avg,min,med,max,p(50),p(75),p(90),p(95),p(99),p(99.9),count';

/** Reads what `--summary-export` wrote; undefined when it is none. */
export function readSummary(text: string): Pick<K6Observation, 'thresholds' | 'thresholdCount' | 'figures'> | undefined {
  const parsed = exported.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const metrics = Object.entries(parsed.data.metrics).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const thresholds = metrics.flatMap(([name, { thresholds: declared = {}, ...figures }]) =>
    // k6 exports whether a threshold was crossed: `true` is bad.
    Object.entries(declared).map(([expression, crossed]): Threshold => {
      const value = valueOf(expression, figures);
      return {
        metric: shortened(name, longestName),
        expression: shortened(expression, longestName),
        met: !crossed,
        ...(value === undefined ? {} : { value }),
        sampled: isSampled(figures),
      };
    }),
  );
  const figures = metrics.flatMap(([name, all]) =>
    Object.entries(all).flatMap(([figure, value]) =>
      typeof value === 'number' ? [[shortened(`${name} ${figure}`, longestName), value] as const] : [],
    ),
  );
  return {
    // Those that are not met must not be among those that are left out.
    thresholds: thresholds.toSorted((a, b) => Number(a.met) - Number(b.met)).slice(0, mostThresholds),
    thresholdCount: thresholds.length,
    figures: Object.fromEntries(figures.slice(0, mostFigures)),
  };
}

type Figures = Readonly<Record<string, unknown>>;

function valueOf(expression: string, figures: Figures): number | undefined {
  const stat = /^\s*([a-z]+(?:\([\d.]+\))?)\s*[<>=!]/.exec(expression)?.[1] ?? '';
  // The rate of a rate is exported as its value.
  const value = figures[stat] ?? (stat === 'rate' || stat === 'value' ? figures['value'] : undefined);
  return typeof value === 'number' ? value : undefined;
}

/** A threshold on nothing at all is met, as far as k6 is concerned. */
function isSampled({ count, passes, fails }: Figures): boolean {
  if (typeof passes === 'number' && typeof fails === 'number') return passes + fails > 0;
  return typeof count === 'number' ? count > 0 : true;
}
