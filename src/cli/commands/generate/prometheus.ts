import { prometheusConfig } from '../../../generate/prometheus-config.ts';
import { prometheusRules } from '../../../generate/prometheus-rules.ts';
import { proofs } from '../../../proofs/index.ts';
import type { Io } from '../../io.ts';
import { loadForCommand } from '../load.ts';
import { writeGenerated, type WriteGeneratedOptions } from './write-generated.ts';

export interface GeneratePrometheusOptions extends WriteGeneratedOptions {
  readonly file: string;
  readonly env?: string | undefined;
  /** Everything but the rules. */
  readonly config?: boolean | undefined;
}

/** Writes the alerting rules that a gate asks for, or what else of Prometheus' configuration it says. Resolves with the exit code. */
export async function generatePrometheusCommand(options: GeneratePrometheusOptions, io: Io): Promise<number> {
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const source = { gate: loaded.gate, proofs, placeOf: loaded.placeOf };
  return writeGenerated(options.config === true ? prometheusConfig(source) : prometheusRules(source), options, io);
}
