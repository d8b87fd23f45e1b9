import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import access from '../../src/proofs/access.ts';
import { proveBoard, type BoardProof } from './grafana-boards.ts';
import { ada, exported, lamps, mary, startLamps } from './lamps.ts';

let stack: Awaited<ReturnType<typeof startLamps>>;
beforeAll(async () => {
  stack = await startLamps();
});
afterAll(() => stack[Symbol.asyncDispose]());
beforeEach(() => {
  stack.grafana.behave({ kind: 'well' });
  stack.grafana.put(exported(), 'ops');
  stack.grafana.permit({ uid: 'ops', title: 'Operations', viewers: ['engineering'] });
});

const prove = (requirement: object, more: Partial<BoardProof> = {}) =>
  proveBoard({
    proof: access,
    requirement: { board: 'lamps', openedWithin: '4s', ...requirement },
    boards: [lamps],
    people: [ada, mary],
    grafana: stack.grafana,
    ...more,
  });
const guarded = { onCall: true, refused: ['mary', 'nobody'] };

describe('access to a board on Grafana', () => {
  it('is proven when the person on call opens it, and neither others nor strangers do', async () => {
    const { state, reasons } = await prove(guarded);
    expect(reasons.map(({ says }) => says)).toEqual([
      'ada (ada@lamps.test) is on call',
      'ada opens it and sees 5 panels, with their own credentials',
      'mary is refused with HTTP 403',
      'somebody without credentials is refused with HTTP 401',
    ]);
    expect(state).toBe('proven');
  });

  it('is refuted when the person on call has lost the right', async () => {
    stack.grafana.permit({ uid: 'ops', title: 'Operations', viewers: [] });
    expect((await prove(guarded)).against).toEqual([expect.stringMatching(/^opened no: ada is refused: HTTP 403/)]);
  });

  it('is refuted when their password is not accepted, and unknown for those to be kept out', async () => {
    const { against } = await prove(guarded, {
      people: [
        { ...ada, password: 'forgotten' },
        { ...mary, password: 'forgotten' },
      ],
    });
    expect(against).toEqual([
      expect.stringMatching(/^opened no: ada is refused: HTTP 401/),
      expect.stringMatching(/^guarded unknown: whether mary is kept out is not known: their password is not accepted/),
    ]);
  });

  it('is refuted when a folder lets too many in', async () => {
    stack.grafana.permit({ uid: 'ops', title: 'Operations', viewers: ['engineering', 'product'] });
    expect((await prove(guarded)).against).toEqual([
      expect.stringMatching(/^guarded no: mary gets its API and its data and its page, and must not/),
    ]);
  });

  it('is refuted when it is public and must not be, with or without a token that finds the link', async () => {
    stack.grafana.publish('lamps');
    expect((await prove(guarded)).against).toEqual([
      expect.stringMatching(/^guarded no: somebody without credentials gets its API and its data and its page/),
    ]);
    const { url } = stack.grafana;
    expect((await prove(guarded, { grafana: { url } })).against).toEqual([
      expect.stringMatching(/^guarded no: it has a public link: somebody without credentials gets it by that, and must not/),
    ]);
    stack.grafana.unpublish('lamps');
    expect((await prove(guarded)).against).toEqual([]);
  });

  it('of everybody is proven by the public link, and refuted without one', async () => {
    stack.grafana.publish('lamps');
    expect((await prove({ public: true })).reasons.map(({ says }) => says)).toContain(
      'somebody without credentials opens it and sees 5 panels',
    );
    stack.grafana.unpublish('lamps');
    expect((await prove({ public: true })).against).toEqual([
      expect.stringMatching(/^opened no: somebody without credentials is refused: HTTP 403/),
    ]);
  });

  it('is refuted when they open it and see no data', async () => {
    stack.grafana.put(exported('prom-staging'), 'ops');
    expect((await prove({ as: ['ada'], refused: ['nobody'] })).against).toEqual([
      expect.stringMatching(/^opened no: ada opens it and sees no data/),
    ]);
  });
});
