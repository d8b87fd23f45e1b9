import type { Gate } from '../../src/gate/gate.ts';

/** A gate that asks for nothing, with what a test makes of it. */
export function gateOf(change: Partial<Gate> = {}): Gate {
  return {
    name: 'g',
    title: 'G',
    ref: [],
    environment: 'none',
    overrides: [],
    stack: {},
    channels: [],
    checks: [],
    people: [],
    boards: [],
    policy: { maxAgeMs: 86_400_000 },
    items: [],
    ...change,
  };
}
