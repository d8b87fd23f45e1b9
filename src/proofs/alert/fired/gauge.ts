import type { ProofContext } from '../../../gate/proof.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { Measured } from './facts.ts';

/** Follows the value of an expression over many looks. */
export interface Gauge {
  look(): Promise<void>;
  /** Undefined when there was nothing to follow. */
  read(): Measured | undefined;
}

/** A rule that does not fire is explained by how near its value came to the threshold. */
export function createGauge(expression: string | undefined, context: ProofContext): Gauge {
  const { signal } = context;
  const prometheus = context.prometheus();
  let smallest = Infinity;
  let largest = -Infinity;
  let looks = 0;
  let answered = 0;
  return {
    look: async () => {
      if (expression === undefined) return;
      const series = await orTrouble(signal, () => prometheus.instant(expression, signal));
      if ('trouble' in series) return;
      const found = series.flatMap(({ samples }) => samples.map(([, value]) => Number(value))).filter(Number.isFinite);
      looks++;
      if (found.length > 0) answered++;
      smallest = Math.min(smallest, ...found);
      largest = Math.max(largest, ...found);
    },
    read: () => {
      if (expression === undefined || looks === 0) return undefined;
      return { expression, looks, answered, ...(answered === 0 ? {} : { smallest, largest }) };
    },
  };
}
