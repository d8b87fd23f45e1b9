import { Agent } from 'undici';
import { shortened } from '../../base/shortened.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { askPrometheus, type Series } from './ask.ts';
import { numberOf, shortfallOf } from './bounds.ts';
import type { PromqlObservation, PromqlResult } from './observation.ts';
import type { PromqlOptions } from './options.ts';

const mostShown = 20;

export async function observePromql(options: PromqlOptions, context: ProbeContext): Promise<PromqlObservation> {
  const dispatcher = new Agent({ connections: 1, pipelining: 1 });
  try {
    const asked = await askPrometheus(options.query, options, dispatcher, context);
    if ('trouble' in asked) return { trouble: asked.trouble };
    const { type, series, warnings, durationMs } = asked;
    const numbers = series.map(({ value }) => value).filter((value) => !Number.isNaN(numberOf(value)));
    const sorted = numbers.toSorted((a, b) => Math.sign(numberOf(a) - numberOf(b)));
    const [least] = sorted;
    const most = sorted.at(-1);
    const result: PromqlResult = {
      atSeconds: series[0]?.atSeconds ?? context.clock.now().getTime() / 1_000,
      type,
      seriesCount: series.length,
      series: shown(series, options),
      notANumber: series.length - numbers.length,
      ...(least === undefined || most === undefined ? {} : { least, most }),
      warnings: warnings.slice(0, 5).map((each) => shortened(each, 500)),
    };
    const { fresh } = options;
    return {
      durationMs,
      result,
      ...(fresh === undefined ? {} : { samples: await samplesOf(fresh.selector, options, dispatcher, context) }),
    };
  } finally {
    await dispatcher.destroy();
  }
}

/** What falls short is what a reason will speak of. */
function shown(series: readonly Series[], { expect: { value: bounds } }: PromqlOptions): PromqlResult['series'] {
  const short = series.filter(({ value }) => bounds !== undefined && shortfallOf(value, bounds) !== undefined);
  const others = series.filter((each) => !short.includes(each));
  return [...short, ...others].slice(0, mostShown).map(({ labels, value }) => ({ labels, value }));
}

async function samplesOf(
  selector: string,
  options: PromqlOptions,
  dispatcher: Agent,
  context: ProbeContext,
): Promise<NonNullable<PromqlObservation['samples']>> {
  const asked = await askPrometheus(`timestamp(${selector})`, options, dispatcher, context);
  if ('trouble' in asked) return { seriesCount: 0, trouble: asked.trouble };
  const ages = asked.series.map(({ labels, atSeconds, value }) => ({ labels, ageSeconds: atSeconds - numberOf(value) }));
  const oldest = ages.toSorted((a, b) => b.ageSeconds - a.ageSeconds)[0];
  return { seriesCount: ages.length, ...(oldest === undefined ? {} : { oldest }) };
}
