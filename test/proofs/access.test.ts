import { describe, expect, it } from 'vitest';
import type { AccessFacts, Attempt } from '../../src/proofs/access/facts.ts';
import { judgeAccess } from '../../src/proofs/access/judge.ts';
import { accessRequirement } from '../../src/proofs/access/requirement.ts';

const requirement = accessRequirement.parse({ board: 'ops', onCall: true, refused: ['mary', 'nobody'] });
const opens: Attempt = { who: 'ada', hasPassword: true, api: 200, isPublic: false, data: true, page: { status: 200, panels: 9, shown: 9 } };
const kept = (who: string, api = 403): Attempt => ({
  who,
  hasPassword: who !== 'nobody',
  api,
  data: false,
  page: { status: api, panels: 0, shown: 0 },
});
const ada = { name: 'Ada', email: 'ada@x.test', known: 'ada' };
const good: AccessFacts = { onCall: [ada], opened: [opens], refused: [kept('mary'), kept('nobody', 401)] };
const against = (change: Partial<AccessFacts>, required = requirement) =>
  judgeAccess(required, { ...good, ...change })
    .filter(({ holds }) => holds !== 'yes')
    .map(({ grade, holds, says }) => `${grade} ${holds}: ${says}`);

describe('access to a board', () => {
  it('is proven when whoever is on call opens it and nobody else does', () => {
    expect(against({})).toEqual([]);
    expect(judgeAccess(requirement, good).map(({ says }) => says)).toEqual([
      'Ada (ada@x.test) is on call',
      'ada opens it and sees 9 panels, with their own credentials',
      'mary is refused with HTTP 403',
      'somebody without credentials is refused with HTTP 401',
    ]);
  });

  it('is refuted when nobody is on call, or somebody whom the gate does not know', () => {
    expect(against({ onCall: [] })[0]).toBe('found no: nobody is on call now');
    const { known: _known, ...stranger } = ada;
    expect(against({ onCall: [stranger], opened: [] })).toEqual([
      "found no: Ada (ada@x.test) is on call, and is none of the gate's people",
      'opened unknown: nobody tried to open it',
    ]);
  });

  it('is refuted when they are refused or see no data, and unknown without their password', () => {
    expect(against({ opened: [{ ...opens, api: 403 }] })[0]).toBe('opened no: ada is refused: HTTP 403');
    expect(against({ opened: [{ ...opens, page: { status: 401, panels: 0, shown: 0 } }] })[0]).toContain('HTTP 401');
    expect(against({ opened: [{ ...opens, data: false }] })[0]).toContain('sees no data');
    expect(against({ opened: [{ ...opens, page: { status: 200, panels: 9, shown: 0 } }] })[0]).toContain('sees no data');
    expect(against({ opened: [{ who: 'ada', hasPassword: false }] })[0]).toContain('opened unknown');
    expect(against({ opened: [{ ...opens, trouble: { code: 'stack/unreachable', says: 'gone' } }] })[0]).toContain('opened unknown');
  });

  it('is unknown while somebody who must open it did not try', () => {
    const everybody = accessRequirement.parse({ board: 'ops', onCall: true, as: ['grace'], public: true, refused: ['mary'] });
    expect(against({ refused: [kept('mary')] }, everybody)).toEqual([
      'opened unknown: grace did not try to open it',
      'opened unknown: somebody without credentials did not try to open it',
    ]);
    expect(against({ opened: [{ ...opens, who: 'grace' }] })).toEqual(['opened unknown: ada did not try to open it']);
  });

  it('is refuted when somebody gets in who must not, by whichever way', () => {
    expect(against({ refused: [{ ...kept('mary'), api: 200 }, kept('nobody')] })[0]).toBe('guarded no: mary gets its API, and must not');
    expect(against({ refused: [{ ...kept('mary'), data: true }, kept('nobody')] })[0]).toContain('its data');
    expect(against({ refused: [kept('mary'), { ...kept('nobody'), page: { status: 200, panels: 3, shown: 3 } }] })[0]).toContain(
      'its page',
    );
    expect(against({ refused: [kept('mary', 401), kept('nobody', 401)] })[0]).toBe(
      'guarded unknown: whether mary is kept out is not known: their password is not accepted',
    );
    expect(against({ refused: [] }, accessRequirement.parse({ board: 'ops', as: ['ada'] }))[0]).toContain('guarded unknown');
    expect(against({ refused: [kept('mary')] })[0]).toBe('guarded unknown: nobody did not try to open it');
    expect(against({ refused: [{ who: 'mary', hasPassword: false }, kept('nobody')] })[0]).toContain('guarded unknown');
  });

  it('is refuted when it has a public link, and unknown when that is not told', () => {
    expect(against({ opened: [{ ...opens, isPublic: true }] })).toEqual([
      'guarded no: it has a public link: somebody without credentials gets it by that, and must not',
    ]);
    const { isPublic: _told, ...untold } = opens;
    expect(against({ opened: [untold] })).toEqual(['guarded unknown: whether it has a public link is not told']);
    expect(
      against({ opened: [untold], refused: [kept('mary')] }, accessRequirement.parse({ board: 'ops', onCall: true, refused: ['mary'] })),
    ).toEqual([]);
  });

  it('of everybody needs nobody on call', () => {
    const everybody = accessRequirement.parse({ board: 'ops', public: true });
    const nobody = { ...opens, who: 'nobody', hasPassword: false };
    expect(against({ opened: [nobody], refused: [] }, everybody)).toEqual([]);
    expect(against({ opened: [kept('nobody', 401)], refused: [] }, everybody)[0]).toContain('opened no');
  });
});
