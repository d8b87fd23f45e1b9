import { states, type State } from '../gate/verdict.ts';
import type { Report } from './report.ts';

/** How many items are in each state, from good to bad, those without any left out. */
export function tally({ items }: Pick<Report, 'items'>): readonly (readonly [State, number])[] {
  return states.map((state) => [state, items.filter((item) => item.state === state).length] as const).filter(([, count]) => count > 0);
}

const phrases: Readonly<Record<State, (count: number) => string>> = {
  proven: (count) => `${String(count)} ${count === 1 ? 'is' : 'are'} proven`,
  disproven: (count) => `${String(count)} ${count === 1 ? 'is' : 'are'} disproven`,
  inconclusive: (count) => `${String(count)} could not be told`,
  blocked: (count) =>
    `${String(count)} ${count === 1 ? 'was' : 'were'} not tried, because what ${count === 1 ? 'it rests' : 'they rest'} on is not proven`,
  waived: (count) => `${String(count)} ${count === 1 ? 'is' : 'are'} waived`,
};

/** What came out, in one sentence: `Of 34 items, 21 are proven and 13 are disproven.` */
export function tallySentence(report: Pick<Report, 'items'>): string {
  const count = report.items.length;
  const found = tally(report);
  if (count === 0) return 'The gate has no items, and nothing is proven by asking for nothing.';
  if (found.length === 1 && found[0]?.[0] === 'proven')
    return count === 1 ? 'Its one item is proven.' : `All ${String(count)} items are proven.`;
  const parts = found.map(([state, times]) => phrases[state](times));
  return `Of ${count === 1 ? '1 item' : `${String(count)} items`}, ${listed(parts)}.`;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
