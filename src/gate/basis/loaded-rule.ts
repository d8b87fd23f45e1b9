import type { Basis } from '../../base/basis.ts';
import type { LoadedRule } from '../../stack/prometheus.ts';

/** A rule as the running server has it: what it says, and not how it is doing. */
export function ruleBasis({ name, query, forMs, keepFiringForMs, labels, annotations, groupIntervalMs }: LoadedRule): Basis {
  return { what: `the rule ${name}`, value: { query, forMs, keepFiringForMs, labels, annotations, groupIntervalMs } };
}
