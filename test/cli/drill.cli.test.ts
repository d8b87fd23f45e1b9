import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drillCommand, type DrillCommandOptions } from '../../src/cli/commands/drill.ts';
import type { Io } from '../../src/cli/io.ts';
import { findingsOn } from '../../src/gate/finding.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { ladders } from '../../src/gate/grade.ts';
import { worse } from '../../src/gate/mutant.ts';
import { defineProof, type Proof } from '../../src/gate/proof.ts';
import { reporters } from '../../src/reporters/index.ts';
import {
  dark,
  healthy,
  now,
  p256,
  proofs as blind,
  refusals,
  sampleRun,
  temporaryFolder,
  toolVersion,
  verify,
  writeSample,
  type SampleItem,
} from '../report/sample.ts';

const lampsFacts = z.strictObject({ lit: z.array(z.string()) });

/** The sample's proof kind, which now says which worlds are worse. */
function informed(judge: 'honest' | 'hollow' = 'honest'): ReadonlyMap<string, Proof> {
  const lamps = defineProof({
    kind: 'lamps',
    summary: 'The lamps are lit',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({ lamps: z.array(z.string()) }),
    facts: lampsFacts,
    observe: () => Promise.reject(new Error('a drill observes nothing')),
    judge: (wanted, seen) =>
      wanted.lamps.map((lamp) => {
        const about = findingsOn(lamp, 'passed');
        return judge === 'hollow' || seen.lit.includes(lamp)
          ? about.yes(`${lamp} is lit`)
          : about.no(`${lamp} is dark`, `switch ${lamp} on`);
      }),
    mutants: ({ lamps: wanted }, { lit }) => [
      ...wanted.map((lamp) => worse('lamp-dark', `${lamp} is dark`, { lit: lit.filter((each) => each !== lamp) })),
      worse('lamp-added', 'another lamp is lit', { lit: [...lit, 'blue'] }, 'nobody asks that other lamps are dark'),
    ],
  });
  return new Map([['lamps', lamps]]);
}

/** The hall is dark, and whatever rests on it is not. */
const dim: readonly SampleItem[] = [
  { id: 'hall', lit: ['green'] },
  { id: 'stairs', lit: ['red', 'green'], needs: ['hall'] },
];

interface Printed {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A signed report in a folder of its own, and what drilling it prints. */
async function workspace(items: readonly SampleItem[] = healthy, kinds = informed(), changes: Partial<Gate> = {}) {
  const root = await temporaryFolder();
  const pair = p256();
  const folder = await writeSample(join(root.path, 'reports'), sampleRun(items, changes), pair.signing);
  const drill = async (options: Partial<DrillCommandOptions> = {}): Promise<Printed> => {
    let [out, err] = ['', ''];
    const io: Io = {
      stdout: { write: (text: string) => ((out += text), true) },
      stderr: { write: (text: string) => ((err += text), true) },
      cwd: root.path,
      env: {},
      now: () => now,
      color: false,
    };
    const exitCode = await drillCommand({ folder: 'reports/lamps/2026-03-01T09-00-00Z', ...options }, io, {
      proofs: kinds,
      reporters,
      toolVersion,
    });
    return { exitCode, out, err };
  };
  const verified = (version = toolVersion) => verify(folder, pair.publicPem, { proofs: kinds, toolVersion: version });
  return { folder, drill, verified, [Symbol.asyncDispose]: () => root.remove() };
}

describe('liveproof drill', () => {
  it('shows for every item what was tried and noticed, and why the rest is harmless', async () => {
    await using work = await workspace();
    const { exitCode, out } = await work.drill({ atLeast: '60' });
    expect(out).toBe(`Drilling reports/lamps/2026-03-01T09-00-00Z

    item    noticed of tried  proof
  ✓ hall          2 of    3  lamps
  ✓ stairs        2 of    3  lamps

  Not noticed, and harmless
    hall: another lamp is lit
    stairs: another lamp is lit
      because nobody asks that other lamps are dark

2 of 2 items can fail.
4 of 6 changes of the evidence flip the decision: 66.6%, 60% required.
The signature was not checked: liveproof verify does that.

This gate can fail.
`);
    expect(exitCode).toBe(0);
  });

  it('asks no more of a report than its evidence: neither its age nor a waiver that ended since keeps it from being drilled', async () => {
    const waivers = [{ item: 'hall', by: 'Ada', reason: 'the lamps are on order', expires: '2026-03-01T09:04:00Z' }];
    const policy = { maxAgeMs: 1_000, waivers: { items: ['hall'], severities: [], longestMs: 86_400_000 } };
    await using work = await workspace(dim, informed(), { waivers, policy });
    const { exitCode, out } = await work.drill({ atLeast: '60' });
    expect({ exitCode, drilled: /✓ stairs +2 of +3/.test(out) }).toEqual({ exitCode: 0, drilled: true });
  });

  it('refuses when less is noticed than is required: 95% when nothing is said', async () => {
    await using work = await workspace();
    const { exitCode, out } = await work.drill();
    expect(out).toContain('flip the decision: 66.6%, 95% required.');
    expect(out).toMatch(/\nThis gate does not notice enough\.\n$/);
    expect(exitCode).toBe(1);
  });

  it('finds items that always pass, and puts them on top', async () => {
    await using work = await workspace(healthy, informed('hollow'));
    const { exitCode, out } = await work.drill({ atLeast: '0' });
    expect(out.split('\n').slice(2, 5)).toEqual([
      '  ✗ hall cannot fail: whatever its evidence says, it is proven',
      '  ✗ stairs cannot fail: whatever its evidence says, it is proven',
      '',
    ]);
    expect(out).toContain('Not noticed, and nothing says that it is harmless\n    hall: red is dark\n');
    expect(out).toContain('4 changes that went unnoticed are not explained.\n');
    expect(exitCode).toBe(1);
  });

  it('changes evidence blindly where the proof kind does not say what is worse', async () => {
    await using work = await workspace(healthy, blind);
    const { exitCode, out } = await work.drill();
    expect(out).toContain('lamps  (changed blindly)\n');
    expect(out).not.toContain('Not noticed');
    expect(exitCode).toBe(0);
  });

  it('has nothing to drill where nothing is proven', async () => {
    await using work = await workspace(dark);
    const { exitCode, out } = await work.drill();
    expect(out).toContain('  Not drilled\n    hall: it is disproven\n    stairs: it is blocked\n    cellar: it is inconclusive\n');
    expect(out).toContain('No item is proven: there is nothing to drill.\n');
    expect(exitCode).toBe(3);
  });

  it('says which items it cannot drill, for they may be hollow', async () => {
    await using work = await workspace([...healthy, { id: 'attic', lit: ['red', 'green'], item: { proof: 'lanterns' } }]);
    const { exitCode, out } = await work.drill({ atLeast: '60' });
    expect(out).toContain('    attic: this liveproof knows no proof kind "lanterns"\n');
    expect(out).toMatch(/\nNot everything could be drilled\.\n$/);
    expect(exitCode).toBe(3);
  });

  it('refuses evidence that was changed, and a folder that is none', async () => {
    await using work = await workspace();
    const [name = ''] = await readdir(join(work.folder, 'evidence'));
    await writeFile(join(work.folder, 'evidence', name), '{}');
    const { exitCode, out, err } = await work.drill();
    expect(out).toBe('');
    expect(err).toMatch(/^REFUSED: what does not hold together is not drilled\.\n {2}evidence:\s+evidence\//);
    expect(exitCode).toBe(1);
    await expect(work.drill({ folder: 'reports/nothing' })).rejects.toMatchObject({ code: 'report/unreadable' });
  });

  it.each(['101', '-1', 'most', ''])('does not take --at-least "%s"', async (atLeast) => {
    await using work = await workspace();
    await expect(work.drill({ atLeast })).rejects.toMatchObject({ code: 'usage/bad-argument' });
  });

  it('prints JSON for programs', async () => {
    await using work = await workspace();
    const { out } = await work.drill({ json: true });
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      report: { gate: 'lamps' },
      changes: { tried: 6, noticed: 4 },
      items: [
        { id: 'hall', proof: 'lamps', canFail: true, informed: true, survivors: [{ change: 'lamp-added', says: 'another lamp is lit' }] },
        {
          id: 'stairs',
          changes: [
            { change: 'lamp-dark', tried: 2, noticed: 2 },
            { change: 'lamp-added', tried: 1, noticed: 0 },
          ],
        },
      ],
      notDrilled: [],
    });
  });
});

describe('a drill that is attached to a report', () => {
  it('is verified by drilling again, and changes nothing else about the report', async () => {
    await using work = await workspace();
    const { out } = await work.drill({ attach: true });
    expect(out).toContain('drill.json is attached: liveproof verify drills again and compares.\n');
    const result = await work.verified();
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'proceed', exitCode: 0 });
    expect(result.checks.find(({ check }) => check === 'drill')?.says).toBe(
      'drilled again: 2 items, each can fail; 4 of 6 changes of the evidence are noticed',
    );
    expect((await readdir(join(work.folder, '..'))).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await work.drill({ attach: true, json: true })).out).toBe(await readFile(join(work.folder, 'drill.json'), 'utf8'));
  });

  it('says of a hollow item that it cannot fail', async () => {
    await using work = await workspace(healthy, informed('hollow'));
    await work.drill({ attach: true });
    const { checks } = await work.verified();
    expect(checks.find(({ check }) => check === 'drill')?.says).toContain('2 items, hall, stairs cannot fail; 0 of 6');
  });

  it('is refused when it was changed, is no drill, or belongs to another report', async () => {
    await using work = await workspace();
    await work.drill({ attach: true });
    const file = join(work.folder, 'drill.json');
    const text = await readFile(file, 'utf8');
    const told = async (changed: string): Promise<readonly string[]> => {
      await writeFile(file, changed);
      const result = await work.verified();
      return [...refusals(result), `exit ${String(result.exitCode)}`];
    };
    expect(await told(text.replace('"noticed": 4', '"noticed": 6'))).toEqual([
      'drill no: drill.json does not say what drilling this report gives',
      'exit 1',
    ]);
    expect(await told(text.replace('"canFail": true', '"canFail":  true'))).toEqual([
      'drill no: drill.json does not say what drilling this report gives',
      'exit 1',
    ]);
    expect(await told('{}')).toEqual(['drill no: drill.json is not a drill', 'exit 1']);
    expect(await told(text.replace(/"sha256": "[0-9a-f]+"/, `"sha256": "${'0'.repeat(64)}"`))).toEqual([
      'drill no: drill.json belongs to another report',
      'exit 1',
    ]);
    expect(await told(text)).toEqual(['exit 0']);
  });

  it('of another version cannot be told where this one drills otherwise', async () => {
    await using work = await workspace();
    await work.drill({ attach: true });
    const result = await work.verified('9.9.9');
    expect(refusals(result)).toContain('drill unknown: drill.json cannot be compared: liveproof 0.1.0 drilled, and this is 9.9.9');
  });
});
