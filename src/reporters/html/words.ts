import type { Holds } from '../../gate/finding.ts';
import type { State } from '../../gate/verdict.ts';
import { markup, type Markup } from './markup.ts';

const signs: Readonly<Record<State, string>> = { proven: '✓', disproven: '✗', inconclusive: '?', blocked: '⏸', waived: '!' };

/** A state as a sign and a word, so that neither colour nor sign alone carries it. */
export function stateBadge(state: State): Markup {
  return markup`<span class="badge ${state}"><span aria-hidden="true">${signs[state]}</span> ${state}</span>`;
}

const holdsSigns: Readonly<Record<Holds, readonly [string, string]>> = {
  yes: ['✓', 'Holds'],
  no: ['✗', 'Does not hold'],
  unknown: ['?', 'Could not be told'],
};

/** Whether a finding speaks for its item, for eyes and ears. */
export function holdsSign(holds: Holds): Markup {
  const [sign, word] = holdsSigns[holds];
  return markup`<span class="sign ${holds}" aria-hidden="true">${sign}</span><span class="unseen">${word}: </span>`;
}

/** `2026-11-21 11:12:36 UTC`: said the same wherever the report is rendered. */
export function moment(at: string): Markup {
  const [day = '', clock = ''] = new Date(at).toISOString().split('T');
  return markup`<time datetime="${at}">${day} ${clock.slice(0, 8)} UTC</time>`;
}

/** Of a hop, to the thousandth: `11:12:36.123`. */
export function clockTime(at: string): Markup {
  return markup`<time datetime="${at}">${new Date(at).toISOString().slice(11, 23)}</time>`;
}

/** A heading of a proof kind: `metrics` → `Metrics`. */
export function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
