import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { drillItem, type ItemDrill } from '../../src/gate/drill.ts';
import type { Proof } from '../../src/gate/proof.ts';
import { judgeFacts, type Judged } from '../../src/gate/verdict.ts';
import type { ScrapeFacts } from '../../src/proofs/scrape/facts.ts';
import { proofs } from '../../src/proofs/index.ts';
import { provenItems, type Proven } from './proven.ts';

interface Given {
  readonly proof: Proof;
  readonly item: Judged;
  readonly facts: unknown;
}

function given(
  { kind, grade, requirement, facts }: Proven,
  change: { readonly requirement?: object; readonly facts?: object } = {},
): Given {
  const proof = proofs.get(kind);
  if (proof === undefined) throw new Error(`no proof kind ${kind}`);
  return {
    proof,
    item: { id: 'item', grade, requirement: proof.requirement.parse({ ...requirement, ...change.requirement }) },
    facts: proof.facts.parse({ ...Object(facts), ...change.facts }),
  };
}

function sampleOf(kind: string): Proven {
  const found = provenItems.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no sample of ${kind}`);
  return found;
}

function drilled(kind: string, change?: Parameters<typeof given>[1]): ItemDrill {
  const { proof, item, facts } = given(sampleOf(kind), change);
  expect(judgeFacts(proof, item, facts).reasons.filter(({ holds }) => holds !== 'yes')).toEqual([]);
  return drillItem(proof, item, facts);
}

const survivorsOf = (found: ItemDrill) => found.survivors.map(({ change, harmless }) => [change, harmless]);

describe('worse worlds', () => {
  it('are known to every proof kind', () => {
    expect([...proofs.values()].filter(({ mutants }) => mutants === undefined).map(({ kind }) => kind)).toEqual([]);
    expect(new Set(provenItems.map(({ kind }) => kind))).toEqual(new Set(proofs.keys()));
  });

  describe.each(provenItems.map((sample) => [`${sample.kind} at ${sample.grade}`, sample] as const))('of %s', (_name, sample) => {
    const { proof, item, facts } = given(sample);
    const mutants = proof.mutants?.(item.requirement, facts, item.grade) ?? [];

    it('begin with facts that prove the item', () => {
      expect(judgeFacts(proof, item, facts).reasons.filter(({ holds }) => holds !== 'yes')).toEqual([]);
    });

    it('are observations that the kind could have recorded, each other than the real one, and said in one line', () => {
      for (const { change, says, facts: worse } of mutants) {
        const shaped = proof.facts.safeParse(worse);
        expect(shaped.error, change).toBeUndefined();
        expect(canonicalJson(shaped.data), change).toBe(canonicalJson(worse));
        expect(canonicalJson(worse), change).not.toBe(canonicalJson(facts));
        expect(change).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(says).toMatch(/^\S.*[^.\s]$/);
      }
    });

    it('are the same every time, and leave the facts as they are', () => {
      const before = canonicalJson(facts);
      expect(proof.mutants?.(item.requirement, facts, item.grade)).toEqual(mutants);
      expect(canonicalJson(facts)).toBe(before);
    });

    it('are noticed, or harmless for a reason', () => {
      const found = drillItem(proof, item, facts);
      expect(found.canFail).toBe(true);
      expect(found.survivors.filter(({ harmless }) => harmless === undefined)).toEqual([]);
    });

    it('are refused by the whole requirement when a part of it refuses them', () => {
      const state = (judged: Judged, worse: unknown) => judgeFacts(proof, judged, worse).state;
      const refused = mutants.filter(
        ({ requirement, facts: worse }) => requirement !== undefined && state({ ...item, requirement }, worse) !== 'proven',
      );
      expect(refused.filter(({ facts: worse }) => state(item, worse) === 'proven').map(({ says }) => says)).toEqual([]);
    });

    it('above the asked grade are not tried', () => {
      for (const grade of proof.ladder.slice(1)) {
        const lower = { ...item, grade };
        if (judgeFacts(proof, lower, facts).state !== 'proven') continue;
        expect(drillItem(proof, lower, facts).survivors.filter(({ harmless }) => harmless === undefined)).toEqual([]);
      }
    });
  });

  it('flip the decision in at least 95 of 100', () => {
    const changes = provenItems.flatMap((sample) => {
      const { proof, item, facts } = given(sample);
      return drillItem(proof, item, facts).changes;
    });
    const [tried, noticed] = (['tried', 'noticed'] as const).map((key) => changes.reduce((sum, each) => sum + each[key], 0));
    expect(tried).toBeGreaterThan(400);
    expect((noticed ?? 0) / (tried ?? 0)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('what is called harmless', () => {
  it('is a second copy only where the gate does not ask for exactly one', () => {
    expect(survivorsOf(drilled('channel'))).toEqual([]);
    expect(survivorsOf(drilled('channel', { requirement: { exactlyOnce: false } }))).toEqual([
      ['arrived-twice', expect.stringContaining('"exactlyOnce"')],
    ]);
  });

  it('are other words only on a channel that carries none', () => {
    expect(survivorsOf(drilled('channel', { facts: { carries: 'token' } }))).toEqual([['rewritten', expect.stringContaining('the token')]]);
  });

  it('is a missing target only where others are left and the gate does not count them', () => {
    expect(survivorsOf(drilled('scrape', { requirement: { targets: undefined } }))).toEqual([]);
    const { targets, history, ...rest } = sampleOf('scrape').facts as ScrapeFacts;
    const both = <Each extends { readonly labels: object }>(list: readonly Each[] = []) =>
      list.flatMap((each) => [each, { ...each, labels: { ...each.labels, instance: 'b:3000' } }]);
    const facts = {
      ...rest,
      targets: both(targets),
      history: { ...history, up: both(history?.up), samplesScraped: both(history?.samplesScraped) },
    };
    expect(survivorsOf(drilled('scrape', { requirement: { targets: 2 }, facts }))).toEqual([]);
    expect(survivorsOf(drilled('scrape', { requirement: { targets: undefined }, facts }))).toEqual([
      ['target-gone', expect.stringMatching(/\("targets"\), and 1 are left$/)],
      ['target-gone', expect.stringContaining('1 are left')],
    ]);
  });

  it('is a changed wait only where the gate does not say how long the rule must wait', () => {
    const own = ({ survivors }: ItemDrill) => survivors.filter(({ change }) => change === 'for-changed');
    expect(own(drilled('alert'))).toEqual([]);
    expect(own(drilled('alert', { requirement: { for: undefined } }))).toMatchObject([{ harmless: expect.stringContaining('("for")') }]);
  });

  it('is more to store only where no limit of size is set and nobody says how the disk is seen', () => {
    expect(survivorsOf(drilled('retention'))).toEqual([]);
    const unlimited = drilled('retention', { requirement: { diskFree: undefined }, facts: { retention: '30d' } });
    expect(unlimited.survivors.map(({ change }) => change)).toEqual(['ingests-more', 'rate-unknown']);
  });

  it('is one series less only where others have the same labels', () => {
    const own = ({ survivors }: ItemDrill) => survivors.filter(({ change }) => change === 'series-dropped').map(({ says }) => says);
    expect(own(drilled('metrics'))).toEqual(['forecasts_generated_total no longer has the series with tier="FREE"']);
  });
});
