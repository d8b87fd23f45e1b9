import { Agent } from 'undici';
import { ranOutOfTime } from '../../base/abortable.ts';
import { formatDuration } from '../../base/duration.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { exchangeOnce, type RawAnswer, type RawRequest } from './exchange.ts';
import { at, partAt } from './json-path.ts';
import { shortcomings } from './judge.ts';
import type { Answer, HttpObservation, StepSeen, Trouble } from './observation.ts';
import type { HttpOptions, HttpStep } from './options.ts';
import { fill, fillJson, fillUrl, mask, withoutCredentials, type Taken } from './taken.ts';
import { troubleOf } from './trouble.ts';
import { shortened } from '../../base/shortened.ts';

const longestExcerpt = 1_000;

/** What the last of several attempts is given, however little is left. */
const lastAttemptMs = 1_000;

/** Makes the steps one after another, as far as they hold what they promise. */
export async function observeHttp({ steps }: HttpOptions, context: ProbeContext): Promise<HttpObservation> {
  // A connection of its own for every run: a kept one would hide that new ones are refused.
  const agent = new Agent({ connections: 1, pipelining: 1 });
  const seen: StepSeen[] = [];
  const taken = new Map<string, string | number | boolean>();
  try {
    for (const step of steps) {
      const result = await makeStep(step, taken, agent, context);
      seen.push(result);
      if (shortcomings(step, result).length > 0) break;
    }
    return { steps: seen };
  } finally {
    await agent.destroy();
  }
}

async function makeStep(
  step: HttpStep,
  taken: Map<string, string | number | boolean>,
  agent: Agent,
  context: ProbeContext,
): Promise<StepSeen> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  const withinMs = step.until?.within ?? 0;
  let answered: Attempt['seen'] | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const leftMs = withinMs - (clock.monotonicMs() - startedMs);
    const limitMs = step.until === undefined ? step.timeout : Math.min(step.timeout, Math.max(leftMs, lastAttemptMs));
    const result = await attempt(step, taken, agent, limitMs, context);
    const durationMs = clock.monotonicMs() - startedMs;
    const over = step.until === undefined || durationMs >= withinMs || signal.aborted;
    // When the last attempt was cut short, what the one before it was told is the better reason.
    const shown = over && result.seen.trouble?.kind === 'timed-out' ? (answered ?? result.seen) : result.seen;
    const seen: StepSeen = { request: describe(step), attempts, durationMs, ...shown };
    const held = shortcomings(step, seen).length === 0;
    if (held) result.values.forEach((value, name) => taken.set(name, value));
    if (held || over) return seen;
    if (result.seen.answer !== undefined) answered = result.seen;
    await clock.sleep(Math.max(0, Math.min(step.until?.every ?? 0, withinMs - durationMs)), signal).catch((error: unknown) => {
      if (!ranOutOfTime(signal)) throw error;
    });
    if (signal.aborted) return seen;
  }
}

interface Attempt {
  readonly seen: Pick<StepSeen, 'answer' | 'trouble' | 'taken'>;
  readonly values: Taken;
}

async function attempt(step: HttpStep, taken: Taken, agent: Agent, limitMs: number, { clock, signal }: ProbeContext): Promise<Attempt> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limitMs))]);
  try {
    const raw = await exchangeOnce(requestOf(step, taken), agent, clock, own);
    return read(step, raw, taken);
  } catch (error) {
    // The check's time being up is the target's slowness; anything else that aborts is somebody who stops the run.
    if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
    const trouble: Trouble | undefined = own.aborted ? { kind: 'timed-out', says: slowness(signal, limitMs) } : troubleOf(error);
    if (trouble === undefined) throw error;
    return { seen: { trouble: { ...trouble, says: mask(trouble.says, taken) }, taken: {} }, values: new Map() };
  }
}

function slowness(signal: AbortSignal, limitMs: number): string {
  return signal.aborted ? 'no whole answer before the time of the check was up' : `no whole answer within ${formatDuration(limitMs)}`;
}

function requestOf(step: HttpStep, taken: Taken): RawRequest {
  const json = step.json === undefined ? undefined : JSON.stringify(fillJson(step.json, taken));
  const own = Object.fromEntries(Object.entries(step.headers ?? {}).map(([name, value]) => [name.toLowerCase(), fill(value, taken)]));
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const body = json ?? (step.body === undefined ? null : fill(step.body, taken));
  return { method: step.method, url: fillUrl(step.url, taken), headers: { 'user-agent': 'liveproof', ...type, ...own }, body };
}

function describe(step: HttpStep): StepSeen['request'] {
  return { method: step.method, url: step.url, headers: Object.keys(step.headers ?? {}) };
}

function read(step: HttpStep, raw: RawAnswer, takenBefore: Taken): Attempt {
  const text = raw.body.toString('utf8');
  const json = parseJson(text);
  const values = new Map(
    Object.entries(step.take ?? {}).flatMap(([name, path]) => {
      const value = at(json, path);
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : [];
    }),
  );
  const known: Taken = new Map([...takenBefore, ...values]);
  const answer: Answer = {
    status: raw.status,
    headers: Object.fromEntries(
      Object.entries(step.expect.headers ?? {}).map(([name, wanted]) => [name, headerIn(raw, name, wanted, known)]),
    ),
    bytes: raw.body.length,
    truncated: raw.truncated,
    isJson: json !== undefined,
    json: Object.fromEntries(Object.entries(step.expect.json ?? {}).map(([path, wanted]) => [path, maskedPart(json, path, wanted, known)])),
    contains: Object.fromEntries([step.expect.contains ?? []].flat().map((wanted) => [wanted, text.includes(wanted)])),
    excerpt: shortened(mask(excerptOf(text, json), known), longestExcerpt),
    firstByteMs: raw.firstByteMs,
    totalMs: raw.totalMs,
  };
  const taken = Object.fromEntries(Object.keys(step.take ?? {}).map((name) => [name, values.has(name)]));
  return { seen: { answer, taken }, values };
}

/** A value that the check file itself names is no secret; any other may be one that was taken. */
function maskedPart(json: unknown, path: string, wanted: unknown, taken: Taken): Answer['json'][string] {
  const part = partAt(json, path);
  return typeof part.value === 'string' && part.value !== wanted ? { ...part, value: mask(part.value, taken) } : part;
}

function headerIn(raw: RawAnswer, name: string, wanted: string, taken: Taken): string | null {
  const value = [raw.headers[name.toLowerCase()] ?? []].flat().join(', ');
  if (raw.headers[name.toLowerCase()] === undefined) return null;
  return shortened(value.toLowerCase().includes(wanted.toLowerCase()) ? value : mask(value, taken), longestExcerpt);
}

function excerptOf(text: string, json: unknown): string {
  const shown = json === undefined ? shortened(text, 4 * longestExcerpt) : JSON.stringify(withoutCredentials(json));
  // What a hostile or binary answer could do to a terminal is taken out.
  return shown.replace(/\p{Cc}/gu, ' ');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
