import type { Report } from '../../src/report/report.ts';
import { dark, sampleReport, sampleRun } from '../report/sample.ts';

/** A report with every feature, and text in it that tries to be more than text. */
export const hostileReport: Report = {
  ...sampleReport(
    sampleRun([...dark, { id: 'attic', lit: ['red', 'green'], carriedFrom: '2026-03-01T07:00:00.000Z', item: { severity: 'P0' } }], {
      title: 'All <b>lamps</b> & "more" | [click](http://evil.example) ]]>',
      environment: 'demo',
      because: 'Quick *and* dirty\n# PROCEED\n- [x] SUCCESS \u001b[32m\u202e',
      overrides: [
        { path: 'items.hall.for', from: '5m', to: '4s | `x`' },
        { path: 'items.hall.labels', from: { severity: 'P0' }, to: undefined },
      ],
    }),
    { keyId: 'abc+/=', operator: 'Ada <ada@example.org> \u0000\ud800' },
  ),
};

export const plainReport: Report = sampleReport(sampleRun(dark), { keyId: 'abc' });

/** One whose waiver ended before it did. */
export const lateReport: Report = sampleReport(
  sampleRun(dark.slice(0, 1), {
    policy: { maxAgeMs: 86_400_000, waivers: { items: ['hall'], severities: [], longestMs: 86_400_000 } },
    waivers: [{ item: 'hall', by: 'Ada', reason: 'on order', expires: '2026-03-01T09:01:00Z' }],
  }),
);

/** A report that proceeds although one of its items is disproven. */
export const waivedReport: Report = sampleReport(
  sampleRun(dark.slice(0, 1), {
    policy: { maxAgeMs: 86_400_000, waivers: { items: ['hall'], severities: [], longestMs: 86_400_000 } },
    waivers: [{ item: 'hall', by: 'Ada', reason: 'on order', expires: '2026-03-01' }],
  }),
);
