import { shortened } from '../../base/shortened.ts';
import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Answer, HttpObservation, Part, StepSeen, Trouble } from './observation.ts';
import type { HttpOptions, HttpStep } from './options.ts';

export function judgeHttp({ before = [], steps, after = [] }: HttpOptions, observation: HttpObservation): Outcome {
  const setUp = judgeSteps(before, observation.before ?? [], 'before: ');
  const made = setUp.status === 'pass' ? judgeSteps(steps, observation.steps, '') : setUp;
  const cleaned = after.map((step, index) => judgeStep(step, observation.after?.[index], `after: ${titleOf(step, index)}`));
  const wrong = [made, ...cleaned].filter(({ status }) => status !== 'pass');
  // What the check is about comes before what it left behind.
  return { status: wrong[0]?.status ?? 'pass', reasons: wrong.flatMap(({ reasons }) => reasons) };
}

/** The first step that falls short, as the later ones were not made. */
function judgeSteps(steps: readonly HttpStep[], seen: readonly StepSeen[], part: string): Outcome {
  for (const [index, step] of steps.entries()) {
    const judged = judgeStep(step, seen[index], `${part}${titleOf(step, index)}`);
    if (judged.status !== 'pass') return judged;
  }
  return passed;
}

const passed: Outcome = { status: 'pass', reasons: [] };

function judgeStep(step: HttpStep, seen: StepSeen | { readonly needless: string } | undefined, title: string): Outcome {
  if (seen === undefined) return { status: 'error', reasons: [`${title} was not made`] };
  if ('needless' in seen) return passed;
  const missed = shortcomings(step, seen);
  if (missed.length === 0) return passed;
  const waited = step.until === undefined ? '' : ` after ${formatDuration(seen.durationMs)} and ${String(seen.attempts)} attempts`;
  return { status: seen.trouble?.kind === 'ours' ? 'error' : 'fail', reasons: missed.map((each) => `${title}: ${each}${waited}`) };
}

function titleOf({ name, method, url }: HttpStep, index: number): string {
  return `step ${String(index + 1)}${name === undefined ? '' : ` "${name}"`} ${method} ${url}`;
}

/** Everything in which one step falls short of what is expected of it; empty when nothing does. */
export function shortcomings(step: HttpStep, { answer, trouble, taken }: StepSeen): string[] {
  if (trouble !== undefined) return [describeTrouble(trouble)];
  if (answer === undefined) return ['no answer'];
  return [
    ...statusShortcomings(step, answer),
    ...headerShortcomings(step, answer),
    ...bodyShortcomings(step, answer),
    ...takenShortcomings(step, taken),
  ];
}

/** Shared by most runs of most checks: what is not expected cannot be missed. */
const none: readonly string[] = [];

function statusShortcomings({ expect: { status } }: HttpStep, answer: Answer): readonly string[] {
  const accepted = typeof status === 'number' ? [status] : status;
  const good = accepted === undefined ? answer.status >= 200 && answer.status <= 299 : accepted.includes(answer.status);
  return good ? none : [`status ${String(answer.status)}, expected ${accepted?.join(' or ') ?? '2xx'}`];
}

function headerShortcomings({ expect }: HttpStep, answer: Answer): readonly string[] {
  if (expect.headers === undefined) return none;
  return Object.entries(expect.headers).flatMap(([name, wanted]) => {
    const value = answer.headers[name] ?? null;
    if (value === null) return [`no header ${name}, expected ${show(wanted)}`];
    return value.toLowerCase().includes(wanted.toLowerCase()) ? [] : [`header ${name} is ${show(value)}, expected ${show(wanted)}`];
  });
}

function bodyShortcomings({ expect }: HttpStep, answer: Answer): readonly string[] {
  if (expect.json === undefined && expect.schema === undefined && expect.contains === undefined) return none;
  const paths = Object.entries(expect.json ?? {});
  const needsJson = paths.length > 0 || expect.schema !== undefined;
  const cut = answer.truncated ? `, of which ${String(answer.bytes)} bytes were read` : '';
  const texts = [expect.contains ?? []]
    .flat()
    .filter((text) => answer.contains[text] !== true)
    .map((text) => `the body does not contain ${show(text)}${cut}`);
  if (needsJson && !answer.isJson) return [`the answer is not JSON${cut}: ${show(shortened(answer.excerpt, 80))}`, ...texts];
  const values = paths
    .filter(([path, wanted]) => answer.json[path]?.value !== wanted)
    .map(([path, wanted]) => `${path} is ${describePart(answer.json[path])}, expected ${show(wanted)}`);
  const departures = expect.schema === undefined ? [] : (answer.schema ?? ['it was not held against it']);
  return [...values, ...departures.map((each) => `not as the JSON Schema says: ${each}`), ...texts];
}

function takenShortcomings({ take }: HttpStep, taken: StepSeen['taken']): readonly string[] {
  if (take === undefined) return none;
  return Object.entries(take)
    .filter(([name]) => taken[name] !== true)
    .map(([name, path]) => `nothing at ${path} that could be taken as "${name}"`);
}

function describePart(part: Part | undefined): string {
  if (part === undefined || !part.found) return 'absent';
  return part.value === undefined ? (part.kind ?? 'no single value') : show(part.value);
}

function describeTrouble({ kind, says }: Trouble): string {
  const words: Record<Trouble['kind'], string> = {
    refused: 'connection refused',
    closed: 'the connection was closed before the answer was complete',
    'timed-out': 'timed out',
    'name-not-found': 'the host name does not exist',
    tls: 'no trusted TLS connection',
    'not-http': 'the answer is not HTTP',
    astray: 'the target leads nowhere',
    garbled: 'the body cannot be read',
    unreachable: 'the host cannot be reached',
    ours: 'could not be asked from here',
  };
  return `${words[kind]} (${says})`;
}

const longestShown = 1_000;

function show(value: string | number | boolean | null): string {
  return JSON.stringify(typeof value === 'string' ? shortened(value, longestShown) : value);
}
