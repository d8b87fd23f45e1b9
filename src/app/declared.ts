import type { Basis } from '../base/basis.ts';
import type { Probe } from '../check/probe.ts';
import type { Gate } from '../gate/gate.ts';
import type { BasisContext } from '../gate/proof.ts';

/** What a gate declares, as something that a verdict rests on. Names that it does not have were refused by its loader. */
export function declaredBy(gate: Gate, probes: ReadonlyMap<string, Probe>): BasisContext['declared'] {
  const basis = (family: string, name: string, value: unknown): Basis => {
    if (value === undefined) throw new Error(`no ${family} "${name}": the gate's loader should have said so`);
    return { what: `the ${family} ${name}`, value };
  };
  return {
    channel: (name) =>
      basis(
        'channel',
        name,
        gate.channels.find((each) => each.name === name),
      ),
    check: async (name) => {
      const check = gate.checks.find((each) => each.name === name);
      const files = check === undefined ? [] : await probes.get(check.probe)?.restsOn?.(check.options);
      return [basis('check', name, check), ...(files ?? [])];
    },
    board: (name) =>
      basis(
        'board',
        name,
        gate.boards.find((each) => each.board === name),
      ),
    person: (name) =>
      basis(
        'person',
        name,
        gate.people.find((each) => each.name === name),
      ),
  };
}
