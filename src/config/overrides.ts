import { redacted } from '../base/redacted.ts';
import type { Override } from '../gate/gate.ts';
import { looksSecret } from './looks-secret.ts';
import { childOf, valueOf, type ConfigNode, type MapNode } from './node.ts';
import type { Change } from './overlay.ts';
import type { Variables } from './variables.ts';

/**
 * Everything in which the gate as it is run differs from the gate as it is written. Keys are shown as the files spell them;
 * variables with the value that counts, because the process environment can shorten a gate just as an environment file can.
 */
export function overridesOf(changes: readonly Change[], gate: MapNode, merged: MapNode, variables: Variables): readonly Override[] {
  const keys = changes
    .filter(({ path }) => !path.startsWith('variables.'))
    .map(({ path, from, to }) => ({ path, from: from && valueOf(from), to: valueOf(to) }));
  return [...keys, ...variableOverrides(childOf(gate, 'variables'), childOf(merged, 'variables'), variables)];
}

function variableOverrides(written: ConfigNode | undefined, merged: ConfigNode | undefined, variables: Variables): readonly Override[] {
  if (merged?.type !== 'map') return [];
  return [...merged.entries].flatMap(([name, entry]) => {
    const original = childOf(written, name);
    const from = original && valueOf(original);
    const to = variables.fromProcess(name) ?? valueOf(entry.value);
    if (String(from) === String(to)) return [];
    const show = (value: unknown): unknown => (value !== undefined && looksSecret(name) ? redacted : value);
    return [{ path: `variables.${name}`, from: show(from), to: show(to) }];
  });
}
