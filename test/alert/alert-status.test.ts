import { expect, test } from 'vitest';
import { alertStatusIn } from '../../src/alert/alert-status.ts';

const nonce = 'lp0123456789abcdef';

test.each([
  ['firing', `[FIRING:1] HighLatency\nLabels:\n - liveproof_nonce = ${nonce}`],
  ['resolved', `[RESOLVED] HighLatency\nLabels:\n - liveproof_nonce = ${nonce}`],
  ['resolved', `[FIRING:1] HighLatency\nFiring:\n - liveproof_nonce = another\nResolved:\n - liveproof_nonce = ${nonce}`],
  ['firing', `[FIRING:2] HighLatency\nFiring:\n - liveproof_nonce = ${nonce}\nResolved:\n - liveproof_nonce = another`],
  [undefined, `[TEST] is oncall-slack delivered? ${nonce}`],
])('says %s of an alert whose token stands in %j', (status, text) => {
  expect(alertStatusIn(text, nonce)).toBe(status);
});
