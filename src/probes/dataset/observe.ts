import { quantileSorted } from 'simple-statistics';
import { Agent } from 'undici';
import { mapTexts } from '../../base/map-texts.ts';
import { parseJson } from '../../base/parse-json.ts';
import { valueAt } from '../../base/value-at.ts';
import { atMost } from '../../base/at-most.ts';
import { ranOutOfTime } from '../../base/abortable.ts';
import { shortened } from '../../base/shortened.ts';
import { askHttp } from '../../check/ask-http.ts';
import { describeNetworkTrouble, type NetworkTrouble } from '../../check/network-trouble.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { DatasetObservation, Side } from './observation.ts';
import type { DatasetOptions } from './options.ts';
import { readCases, type Case } from './read-cases.ts';

const mostBytes = 256 * 1024;
const mostShown = 10;
const longestWords = 200;

/** What one case came to; without an answer, why not. */
interface Told {
  readonly asked: Case;
  readonly answer?: string | undefined;
  readonly isPositive?: boolean | undefined;
  readonly durationMs?: number | undefined;
  readonly cause?: { readonly says: string; readonly kind?: NetworkTrouble['kind'] } | undefined;
}

export async function observeDataset(options: DatasetOptions, context: ProbeContext): Promise<DatasetObservation> {
  const cases = await readCases(options.file, options.label);
  context.signal.throwIfAborted();
  const dispatcher = new Agent({ connections: options.concurrency, pipelining: 1 });
  const inTurn = atMost(options.concurrency);
  try {
    const told = await Promise.all(
      cases.map(async (asked): Promise<Told> => {
        try {
          return await inTurn(context.signal, () => ask(asked, options, dispatcher, context));
        } catch (error) {
          if (!ranOutOfTime(context.signal)) throw error;
          return { asked, cause: { says: 'not asked before the time of the check was up' } };
        }
      }),
    );
    return summary(told, options);
  } finally {
    await dispatcher.destroy();
  }
}

async function ask(
  asked: Case,
  { request, answer, positive, requestTimeout }: DatasetOptions,
  dispatcher: Agent,
  { clock, signal }: ProbeContext,
): Promise<Told> {
  const { values } = asked;
  const body = request.json === undefined ? undefined : JSON.stringify(fillJson(request.json, values));
  const own = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), fill(value, values, String)]);
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...Object.fromEntries(own) };
  const url = fill(request.url, values, encodeURIComponent);
  const said = await askHttp(
    { method: request.method, url, headers, body },
    { dispatcher, clock, signal, withinMs: requestTimeout, mostBytes },
  );
  if ('trouble' in said) return { asked, cause: { says: describeNetworkTrouble(said.trouble), kind: said.trouble.kind } };
  if (said.status < 200 || said.status > 299) return { asked, cause: { says: `status ${String(said.status)}` } };
  if (said.truncated) return { asked, cause: { says: 'the answer is larger than what is read' } };
  const value = valueAt(parseJson(said.text), answer.path);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return { asked, cause: { says: `nothing at ${answer.path} of the answer` } };
  }
  const { durationMs } = said;
  if (answer.positiveFrom === undefined)
    return { asked, answer: String(value), isPositive: String(value) === String(positive), durationMs };
  const score = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(score)) return { asked, cause: { says: `no number at ${answer.path} of the answer` } };
  return { asked, answer: String(value), isPositive: score >= answer.positiveFrom, durationMs };
}

function summary(told: readonly Told[], { label, positive, answer: { positiveFrom } }: DatasetOptions): DatasetObservation {
  const labelOf = ({ asked }: Told): string => String(asked.values[label]);
  const isLabelledPositive = (each: Told): boolean => labelOf(each) === String(positive);
  const answered = told.filter(({ answer }) => answer !== undefined);
  const isRight = (each: Told): boolean =>
    positiveFrom === undefined ? each.answer === labelOf(each) : each.isPositive === isLabelledPositive(each);
  const mistakes = answered.filter((each) => !isRight(each));
  const causes = Map.groupBy(
    told.flatMap(({ cause }) => cause ?? []),
    ({ says }) => says,
  );
  const durations = answered.map(({ durationMs = 0 }) => durationMs).toSorted((a, b) => a - b);
  const sideOf = (side: readonly Told[]): Side => {
    const positives = side.filter(({ isPositive }) => isPositive === true).length;
    const untold = side.filter(({ answer }) => answer === undefined).length;
    return { positive: positives, negative: side.length - positives - untold, untold };
  };
  return {
    cases: told.length,
    right: answered.length - mistakes.length,
    wrong: mistakes.length,
    untold: told.length - answered.length,
    ...(positive === undefined
      ? {}
      : { positives: sideOf(told.filter(isLabelledPositive)), negatives: sideOf(told.filter((each) => !isLabelledPositive(each))) }),
    mistakes: mistakes.slice(0, mostShown).map((each) => ({
      line: each.asked.line,
      label: shortened(labelOf(each), longestWords),
      answer: shortened(each.answer ?? '', longestWords),
    })),
    causes: [...causes.values()]
      .toSorted((a, b) => b.length - a.length)
      .slice(0, mostShown)
      .flatMap(([first, ...others]) =>
        first === undefined ? [] : [{ ...first, says: shortened(first.says, longestWords), cases: others.length + 1 }],
      ),
    ...(durations.length === 0 ? {} : { p50Ms: quantileSorted(durations, 0.5), p95Ms: quantileSorted(durations, 0.95) }),
  };
}

const placeholder = /\{\{([^{}]+)\}\}/g;

function fill(text: string, values: Case['values'], write: (value: string) => string): string {
  return text.replace(placeholder, (written, name: string) => (Object.hasOwn(values, name) ? write(inWords(values[name])) : written));
}

function fillJson(value: unknown, values: Case['values']): unknown {
  return mapTexts(value, (text) => {
    const whole = /^\{\{([^{}]+)\}\}$/.exec(text)?.[1];
    return whole !== undefined && Object.hasOwn(values, whole) ? values[whole] : fill(text, values, String);
  });
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
