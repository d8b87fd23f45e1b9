import type { Acknowledgement, TestMessage } from '../../alert/channel.ts';
import type { Clock } from '../../base/clock.ts';

const longestName = 80;
const mostConfirmations = 1_000;
/** Wrong tokens that one address may try within a minute. */
const mostWrong = 10;
const minuteMs = 60_000;

export type Confirmed =
  | { readonly outcome: 'confirmed'; readonly by: string }
  | { readonly outcome: 'no-name' }
  | { readonly outcome: 'unknown-token' }
  | { readonly outcome: 'too-many'; readonly retryAfterS: number };

/** Who has said to have seen what. Only tokens of this run can be confirmed. */
export interface Confirmations {
  /** From now on `nonce` can be confirmed: it was sent by us, or is waited for in an alert. */
  expect(nonce: string, message?: TestMessage): void;
  /** What was sent with it, to be compared with what arrived. */
  messageOf(nonce: string): TestMessage | undefined;
  confirm(attempt: { readonly nonce: string; readonly name: string; readonly from: string }): Confirmed;
  /** In the order of time. */
  of(nonce: string): readonly Acknowledgement[];
}

export function keepConfirmations(clock: Clock): Confirmations {
  const expected = new Map<string, TestMessage | undefined>();
  const confirmed: { readonly nonce: string; readonly acknowledgement: Acknowledgement }[] = [];
  const wrong = new Map<string, readonly number[]>();
  const wrongLately = (from: string): readonly number[] => (wrong.get(from) ?? []).filter((atMs) => clock.monotonicMs() - atMs < minuteMs);

  return {
    expect: (nonce, message) => void expected.set(nonce, message ?? expected.get(nonce)),
    messageOf: (nonce) => expected.get(nonce),
    confirm: ({ nonce, name, from }) => {
      const before = wrongLately(from);
      if (before.length >= mostWrong) {
        return { outcome: 'too-many', retryAfterS: Math.ceil((minuteMs - (clock.monotonicMs() - (before[0] ?? 0))) / 1000) };
      }
      if (!expected.has(nonce)) {
        // One address more or less matters little; a flood of addresses must not fill the memory.
        if (wrong.size > mostConfirmations) wrong.clear();
        wrong.set(from, [...before, clock.monotonicMs()]);
        return { outcome: 'unknown-token' };
      }
      const by = plainName(name);
      if (by === '') return { outcome: 'no-name' };
      const isNew = !confirmed.some((each) => each.nonce === nonce && each.acknowledgement.by === by);
      if (isNew && confirmed.length < mostConfirmations) {
        confirmed.push({ nonce, acknowledgement: { at: clock.now().toISOString(), by, how: 'confirmed it on the page' } });
      }
      return { outcome: 'confirmed', by };
    },
    of: (nonce) => confirmed.filter((each) => each.nonce === nonce).map(({ acknowledgement }) => acknowledgement),
  };
}

/** One line without control characters or direction marks: it will stand in a report. */
function plainName(name: string): string {
  return name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName)
    .trim();
}
