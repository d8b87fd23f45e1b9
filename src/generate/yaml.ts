import { stringify } from 'yaml';
import type { Gate } from '../gate/gate.ts';

/** What a generated file says of itself, above its YAML. Lines are given without "# ". */
export function commented(what: string, { name, environment }: Gate, lines: readonly string[]): string {
  const from = `${what} of the gate ${name}${environment === 'default' ? '' : `, environment ${environment}`}`;
  const all = [`${from}.`, `Written by "liveproof generate": change the gate and generate it again.`, ...lines];
  return all.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}

/** Prometheus and Alertmanager read YAML 1.1, in which a plain `on` is a boolean: such words are quoted. */
export function yaml(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
