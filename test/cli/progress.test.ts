import { describe, expect, it } from 'vitest';
import { showProgress } from '../../src/cli/progress.ts';
import { showGate } from '../../src/cli/show-gate.ts';
import type { Gate, Item } from '../../src/gate/gate.ts';

const hostile = 'up\u001b[2J\nPROCEED  1 proven';
const item: Item = {
  id: 'a',
  ref: [],
  statement: hostile,
  proof: 'check',
  grade: 'passed',
  needs: [],
  timeoutMs: 1_000,
  requirement: {},
};
const gate: Gate = {
  name: 'a',
  title: hostile,
  ref: [],
  environment: 'demo',
  because: hostile,
  overrides: [{ path: 'a', from: 1, to: 2 }],
  stack: {},
  people: [],
  boards: [],
  channels: [],
  checks: [],
  policy: { maxAgeMs: 1_000 },
  items: [item],
};
const io = { stdout: process.stdout, stderr: process.stderr, cwd: '/', env: {}, now: () => new Date(), color: false };

function steers(text: string): boolean {
  return text.includes('\u001b[2J') || text.split('\n').some((line) => line.startsWith('PROCEED'));
}

describe('what a run shows while it goes on', () => {
  it.each([undefined, 80])('lets no text of the gate or of a server act on the terminal (%s columns)', (columns) => {
    const written: string[] = [];
    const write = (text: string): boolean => written.push(text) > 0;
    const progress = showProgress(gate, { ...io, columns }, { write });
    progress.tell({ type: 'item-started', item });
    progress.tell({ type: 'item-progress', item, says: hostile });
    progress.tell({ type: 'effect-made', says: hostile });
    progress.tell({ type: 'effect-stuck', says: hostile, because: hostile, expiresInMs: 1_000 });
    const verdict = { state: 'proven' as const, grade: 'passed', subjects: [], reasons: [] };
    const at = '2026-03-01T09:00:00.000Z';
    progress.tell({ type: 'item-finished', result: { item, verdict, evidence: [], startedAt: at, finishedAt: at } });
    progress.end();
    expect(steers(written.join(''))).toBe(false);
    expect(steers(showGate(gate, { ...io, columns }))).toBe(false);
  });

  it('counts one item as one', () => {
    expect(showGate(gate, io)).toContain('1 item, environment demo');
  });
});
