import { shortened } from '../../base/shortened.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import type { Answer, HttpObservation, Part, StepSeen } from './observation.ts';
import { mostBytesOf, writtenSize, type HttpOptions, type HttpStep } from './options.ts';

/** What assertions can name: of the last step as it is (`total`), of every step that has a name behind that (`sign in: total`). */
export function readingsOfHttp(options: HttpOptions, observation: HttpObservation): Readings {
  const { before = [], steps, after = [] } = options;
  const mostBytes = mostBytesOf(options);
  const found = new Map<string, Reading>();
  const add = (list: readonly HttpStep[], seen: readonly (StepSeen | { readonly needless: string })[]): void => {
    for (const [index, { name }] of list.entries()) {
      const each = seen[index];
      if (name !== undefined && each !== undefined && 'answer' in each && each.answer !== undefined)
        addAnswer(found, `${name}: `, each.answer, mostBytes);
    }
  };
  add(before, observation.before ?? []);
  add(steps, observation.steps);
  add(after, observation.after ?? []);
  const last = observation.steps[steps.length - 1]?.answer;
  if (last !== undefined) addAnswer(found, '', last, mostBytes);
  return found;
}

function addAnswer(found: Map<string, Reading>, before: string, answer: Answer, mostBytes: number): void {
  const { timing, certificate } = answer;
  const add = (name: string, value: Reading['value'], unit?: Reading['unit']): void => {
    found.set(`${before}${name}`, unit === undefined ? { value } : { value, unit });
  };
  add('status', answer.status);
  add('total', answer.totalMs, 'ms');
  if (timing !== undefined) {
    add('dns', timing.dnsMs, 'ms');
    add('connect', timing.connectMs, 'ms');
    add('tls', timing.tlsMs, 'ms');
    add('first byte', timing.waitMs, 'ms');
    add('transfer', timing.transferMs, 'ms');
  }
  const untold = answer.truncated ? `the answer is larger than readAtMost (${writtenSize(mostBytes)})` : undefined;
  if (untold === undefined) add('size', answer.bytes, 'bytes');
  else {
    // Of what was cut while it was still compressed, less than the bound may be read, and the rest of it may hold nothing more.
    const leastBytes = answer.bytes < mostBytes ? answer.bytes : answer.bytes + 1;
    found.set(`${before}size`, { value: leastBytes, unit: 'bytes', untold });
    found.set(`${before}body`, { value: undefined, untold });
  }
  if (answer.body !== undefined) add('body', answer.body);
  if (answer.httpVersion !== undefined) add('http version', answer.httpVersion);
  add('redirects', answer.redirects?.length ?? 0);
  if (certificate !== undefined) found.set(`${before}certificate`, { value: certificate.leftMs, unit: 'ms', isLifetime: true });
  for (const [name, value] of Object.entries(answer.headers)) add(`header ${name.toLowerCase()}`, value ?? undefined);
  // Of what is no JSON nobody can say that something is not in it; and what was cut may go on as anything.
  const wrong = answer.isJson ? undefined : `the answer is not JSON: ${JSON.stringify(shortened(answer.excerpt, 80))}`;
  for (const [path, part] of Object.entries(answer.json)) {
    if (untold !== undefined) found.set(`${before}json ${path}`, { value: undefined, untold });
    else if (wrong !== undefined) found.set(`${before}json ${path}`, { value: undefined, wrong });
    else found.set(`${before}json ${path}`, part.found ? readingOf(part) : { value: undefined });
  }
}

function readingOf({ value, kind }: Part): Reading {
  if (value !== undefined || kind === undefined) return { value: value ?? null };
  return { value: kind, isKind: true };
}
