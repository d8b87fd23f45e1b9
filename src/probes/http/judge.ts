import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Answer, HttpObservation, Part, StepSeen, Trouble } from './observation.ts';
import type { HttpOptions, HttpStep } from './options.ts';

export function judgeHttp({ steps }: HttpOptions, observation: HttpObservation): Outcome {
  for (const [index, step] of steps.entries()) {
    const seen = observation.steps[index];
    const title = `step ${String(index + 1)}${step.name === undefined ? '' : ` "${step.name}"`} ${step.method} ${step.url}`;
    if (seen === undefined) return { status: 'error', reasons: [`${title} was not made`] };
    const missed = shortcomings(step, seen);
    if (missed.length === 0) continue;
    const waited = step.until === undefined ? '' : ` after ${formatDuration(seen.durationMs)} and ${String(seen.attempts)} attempts`;
    return { status: seen.trouble?.kind === 'ours' ? 'error' : 'fail', reasons: missed.map((each) => `${title}: ${each}${waited}`) };
  }
  return { status: 'pass', reasons: [] };
}

/** Everything in which one step falls short of what is expected of it; empty when nothing does. */
export function shortcomings(step: HttpStep, { answer, trouble, taken }: StepSeen): string[] {
  if (trouble !== undefined) return [describeTrouble(trouble)];
  if (answer === undefined) return ['no answer'];
  return [
    ...statusShortcomings(step, answer),
    ...headerShortcomings(step, answer),
    ...bodyShortcomings(step, answer),
    ...Object.entries(step.take ?? {})
      .filter(([name]) => taken[name] !== true)
      .map(([name, path]) => `nothing at ${path} that could be taken as "${name}"`),
  ];
}

function statusShortcomings({ expect: { status } }: HttpStep, answer: Answer): string[] {
  const accepted = typeof status === 'number' ? [status] : status;
  const good = accepted === undefined ? answer.status >= 200 && answer.status <= 299 : accepted.includes(answer.status);
  return good ? [] : [`status ${String(answer.status)}, expected ${accepted?.join(' or ') ?? '2xx'}`];
}

function headerShortcomings({ expect }: HttpStep, answer: Answer): string[] {
  return Object.entries(expect.headers ?? {}).flatMap(([name, wanted]) => {
    const value = answer.headers[name] ?? null;
    if (value === null) return [`no header ${name}, expected ${show(wanted)}`];
    return value.toLowerCase().includes(wanted.toLowerCase()) ? [] : [`header ${name} is ${show(value)}, expected ${show(wanted)}`];
  });
}

function bodyShortcomings({ expect }: HttpStep, answer: Answer): string[] {
  const paths = Object.entries(expect.json ?? {});
  const cut = answer.truncated ? `, of which ${String(answer.bytes)} bytes were read` : '';
  const texts = [expect.contains ?? []]
    .flat()
    .filter((text) => answer.contains[text] !== true)
    .map((text) => `the body does not contain ${show(text)}${cut}`);
  if (paths.length > 0 && !answer.isJson) return [`the answer is not JSON${cut}: ${show(answer.excerpt.slice(0, 80))}`, ...texts];
  const values = paths
    .filter(([path, wanted]) => answer.json[path]?.value !== wanted)
    .map(([path, wanted]) => `${path} is ${describePart(answer.json[path])}, expected ${show(wanted)}`);
  return [...values, ...texts];
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
    unreachable: 'the host cannot be reached',
    ours: 'could not be asked from here',
  };
  return `${words[kind]} (${says})`;
}

function show(value: string | number | boolean | null): string {
  return JSON.stringify(value);
}
