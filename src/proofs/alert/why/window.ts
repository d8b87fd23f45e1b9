import { formatDuration } from '../../../base/duration.ts';
import { splice } from '../../../stack/promql.ts';
import { callsAround, selectorsOf } from '../../../stack/promql/selectors.ts';
import { sensibleWindow, type Diagnosis, type Examined } from './examined.ts';

/** Functions that give nothing for a single sample. */
const needsTwo = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'predict_linear']);

/**
 * A window shorter than two scrapes often holds but one sample. Tests in virtual time may miss that, since their samples
 * come exactly on time, so it is said of a rule that passed them as well, provided that the scrapes are really known.
 */
export function windowTooShort(examined: Examined): readonly Diagnosis[] {
  const { query, rule, scrapes, symptoms } = examined;
  if (scrapes.from !== 'targets' && !symptoms.has('stays-silent')) return [];
  return selectorsOf(query).flatMap((selector) => {
    const { rangeMs, to } = selector;
    const [innermost = ''] = callsAround(selector);
    if (rangeMs === undefined || rangeMs >= 2 * scrapes.everyMs || !needsTwo.has(innermost)) return [];
    const range = /^\s*\[[^\]]*\]/.exec(rule.query.slice(to))?.[0].length ?? 0;
    return [
      {
        says:
          `the window of \`${selector.text}[${formatDuration(rangeMs)}]\` is too short: there is one sample every ${formatDuration(scrapes.everyMs)}, ` +
          `and with fewer than two of them in its window ${innermost} gives nothing`,
        hint: `write: ${splice(rule.query, { from: to, to: to + range }, `[${sensibleWindow(examined)}]`)}`,
      },
    ];
  });
}
