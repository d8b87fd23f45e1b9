import type { Reading, Readings } from '../../check/reading.ts';
import type { Answer, HttpObservation, Part, StepSeen } from './observation.ts';
import type { HttpOptions, HttpStep } from './options.ts';

/** What assertions can name: of the last step as it is (`total`), of every step that has a name behind that (`sign in: total`). */
export function readingsOfHttp({ before = [], steps, after = [] }: HttpOptions, observation: HttpObservation): Readings {
  const found = new Map<string, Reading>();
  const add = (list: readonly HttpStep[], seen: readonly (StepSeen | { readonly needless: string })[]): void => {
    for (const [index, { name }] of list.entries()) {
      const each = seen[index];
      if (name !== undefined && each !== undefined && 'answer' in each && each.answer !== undefined)
        addAnswer(found, `${name}: `, each.answer);
    }
  };
  add(before, observation.before ?? []);
  add(steps, observation.steps);
  add(after, observation.after ?? []);
  const last = observation.steps[steps.length - 1]?.answer;
  if (last !== undefined) addAnswer(found, '', last);
  return found;
}

function addAnswer(found: Map<string, Reading>, before: string, answer: Answer): void {
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
  // Of what was cut off nobody knows how long it is.
  if (!answer.truncated) add('size', answer.bytes, 'bytes');
  if (answer.body !== undefined) add('body', answer.body);
  if (answer.httpVersion !== undefined) add('http version', answer.httpVersion);
  add('redirects', answer.redirects?.length ?? 0);
  if (certificate !== undefined) found.set(`${before}certificate`, { value: certificate.leftMs, unit: 'ms', isLifetime: true });
  for (const [name, value] of Object.entries(answer.headers)) add(`header ${name.toLowerCase()}`, value ?? undefined);
  // Of what is no JSON nobody can say that something is not in it.
  if (!answer.isJson) return;
  for (const [path, part] of Object.entries(answer.json)) add(`json ${path}`, part.found ? valueOf(part) : undefined);
}

function valueOf({ value, kind }: Part): Reading['value'] {
  return value === undefined ? (kind ?? null) : value;
}
