import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drillItem } from '../../src/gate/drill.ts';
import { findingsOn, type Finding } from '../../src/gate/finding.ts';
import { ladders } from '../../src/gate/grade.ts';
import { worse, type FactsMutant } from '../../src/gate/mutant.ts';
import { defineProof, type Proof } from '../../src/gate/proof.ts';

interface Lamps {
  readonly lit: readonly string[];
  readonly volts: number;
}

interface LampsOptions {
  readonly judge?: (facts: Lamps) => readonly Finding[];
  readonly mutants?: (facts: Lamps) => readonly FactsMutant<Lamps>[];
}

const about = findingsOn('red', 'passed');
const isLit = ({ lit }: Lamps): readonly Finding[] => [lit.includes('red') ? about.yes('it is lit') : about.no('it is dark')];

function lampsProof({ judge = isLit, mutants }: LampsOptions = {}): Proof {
  const proof = defineProof({
    kind: 'lamps',
    summary: 'The red lamp is lit',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({}),
    facts: z.strictObject({ lit: z.array(z.string()).readonly(), volts: z.number().nonnegative() }),
    observe: () => Promise.reject(new Error('a drill observes nothing')),
    judge: (_requirement, facts) => judge(facts),
  });
  return mutants === undefined ? proof : { ...proof, mutants: (_requirement, facts) => mutants(facts as Lamps) };
}

const item = { id: 'hall', grade: 'passed', requirement: {} } as const;
const facts: Lamps = { lit: ['red', 'green'], volts: 230 };
const without = (lamp: string, harmless?: string): FactsMutant<Lamps> =>
  worse('lamp-dark', `${lamp} is dark`, { ...facts, lit: facts.lit.filter((each) => each !== lamp) }, harmless);

describe('a drill of an item', () => {
  it('finds that the decision flips when what it rests on is gone', () => {
    const found = drillItem(lampsProof({ mutants: () => [without('red')] }), item, facts);
    expect(found).toEqual({ canFail: true, informed: true, changes: [{ change: 'lamp-dark', tried: 1, noticed: 1 }], survivors: [] });
  });

  it('lists what is not noticed, with the reason why that is harmless where there is one', () => {
    const proof = lampsProof({ mutants: () => [without('red'), without('green', 'only the red one is asked for')] });
    const found = drillItem(proof, item, facts);
    expect(found.changes).toEqual([{ change: 'lamp-dark', tried: 2, noticed: 1 }]);
    expect(found.survivors).toEqual([{ change: 'lamp-dark', says: 'green is dark', harmless: 'only the red one is asked for' }]);
    const unexplained = drillItem(lampsProof({ mutants: () => [without('green')] }), item, facts);
    expect(unexplained).toMatchObject({ canFail: false, survivors: [{ change: 'lamp-dark', says: 'green is dark' }] });
  });

  it('finds a judge that always says yes, whether its kind knows worse worlds or not', () => {
    const judge = (): readonly Finding[] => [about.yes('it is lit, whatever was seen')];
    expect(drillItem(lampsProof({ judge, mutants: () => [without('red'), without('green')] }), item, facts).canFail).toBe(false);
    const blind = drillItem(lampsProof({ judge }), item, facts);
    expect(blind.canFail).toBe(false);
    expect(blind.changes.reduce((sum, { tried }) => sum + tried, 0)).toBeGreaterThan(5);
  });

  it('finds an item without any worse world that somebody could think of', () => {
    expect(drillItem(lampsProof({ mutants: () => [] }), item, facts)).toMatchObject({ canFail: false, changes: [] });
  });

  it('changes facts blindly where the kind says nothing of them, and calls no survivor of that a blind spot', () => {
    const found = drillItem(lampsProof(), item, facts);
    expect(found).toMatchObject({ canFail: true, informed: false, survivors: [] });
    expect(found.changes).toContainEqual({ change: 'element-dropped', tried: 2, noticed: 1 });
    // Facts have no key to spare and volts below 0 do not exist: such changes are no observations.
    expect(found.changes.map(({ change }) => change)).toEqual(['list-emptied', 'element-dropped', 'text-changed', 'number-changed']);
  });

  it('does not count a change that has not the shape of the facts: its refusal would show nothing', () => {
    const mutants = () => [worse('no-volts', 'the volts are negative', { ...facts, volts: -1 }), without('red')];
    expect(drillItem(lampsProof({ mutants }), item, facts).changes).toEqual([{ change: 'lamp-dark', tried: 1, noticed: 1 }]);
  });

  it('does not count a change that changes nothing', () => {
    const mutants = () => [worse('same', 'nothing is other than it was', { ...facts, lit: [...facts.lit] }), without('red')];
    expect(drillItem(lampsProof({ mutants }), item, facts)).toMatchObject({ survivors: [], changes: [{ change: 'lamp-dark' }] });
  });

  it('counts what cannot be told as noticed: unknown is never proven', () => {
    const judge = ({ volts }: Lamps): readonly Finding[] => [volts === 230 ? about.yes('230 V') : about.unknown('who knows')];
    const mutants = () => [worse('volts-lost', 'no volts were measured', { ...facts, volts: 0 })];
    expect(drillItem(lampsProof({ judge, mutants }), item, facts).canFail).toBe(true);
  });
});
