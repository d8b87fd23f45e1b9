import type { PromqlOptions } from './options.ts';

export type Bounds = NonNullable<PromqlOptions['expect']['value']>;

/** Prometheus writes `+Inf`, `-Inf` and `NaN`. */
export function numberOf(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  return text === '-Inf' ? -Infinity : text.trim() === '' ? Number.NaN : Number(text);
}

/** In words what was expected of a value that it is not; undefined when it is. */
export function shortfallOf(text: string, { is, above, atLeast, below, atMost }: Bounds): string | undefined {
  const value = numberOf(text);
  const expected = [
    is === undefined || value === is ? undefined : String(is),
    above === undefined || value > above ? undefined : `above ${String(above)}`,
    atLeast === undefined || value >= atLeast ? undefined : `at least ${String(atLeast)}`,
    below === undefined || value < below ? undefined : `below ${String(below)}`,
    atMost === undefined || value <= atMost ? undefined : `at most ${String(atMost)}`,
  ].filter((each) => each !== undefined);
  return expected.length === 0 ? undefined : expected.join(' and ');
}
