import { expect, it } from 'vitest';
import { followEffects } from '../../src/cli/stopped.ts';

const made = { type: 'effect-made', says: 'errors are injected' } as const;
const stuck = { type: 'effect-stuck', says: 'errors are injected', because: 'HTTP 500', expiresInMs: 60_000 } as const;
const undone = { type: 'effect-undone', says: 'errors are injected' } as const;

it.each([
  ['nothing was made', [], true],
  ['it was undone', [made, undone], true],
  ['it was undone when it was tried again', [made, stuck, undone], true],
  ['it could not be undone', [made, stuck, stuck], false],
  ['one of two could not be undone', [made, { ...stuck, says: 'workers are stopped' }, undone], false],
])('a stopped run says that all was undone exactly when it was: %s', (_, events, isUndone) => {
  const effects = followEffects();
  events.forEach((event) => effects.tell(event));
  expect(/has been undone/.test(effects.whenStopped())).toBe(isUndone);
  expect(/--clean/.test(effects.whenStopped())).toBe(!isUndone);
});
