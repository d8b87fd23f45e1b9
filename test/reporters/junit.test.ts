import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert } from 'xmlbuilder2';
import type { Report } from '../../src/report/report.ts';
import { visible } from '../../src/report/visible.ts';
import junit from '../../src/reporters/junit.ts';
import { healthy, sampleReport, sampleRun } from '../report/sample.ts';
import { hostileReport, lateReport, plainReport, waivedReport } from './hostile.ts';

interface Parsed {
  testsuites: { '@failures': string; '@errors': string; '@tests': string; testsuite: { testcase: { '@name': string }[] } };
}

/** Reading it back shows that it is well-formed. */
const parse = (report: Report): Parsed => convert({ parser: {} }, junit.render(report), { format: 'object' }) as unknown as Parsed;

describe('junit.xml', () => {
  it('has a test case for each item, red unless it is proven', async () => {
    await expect(junit.render(plainReport)).toMatchFileSnapshot('golden/refused.xml.golden');
  });

  it('is green when everything is proven', async () => {
    await expect(junit.render(sampleReport(sampleRun(healthy)))).toMatchFileSnapshot('golden/proceed.xml.golden');
  });

  it('is well-formed with control characters, half surrogates and markup in its texts', async () => {
    await expect(junit.render(hostileReport)).toMatchFileSnapshot('golden/hostile.xml.golden');
    expect(parse(hostileReport).testsuites).toMatchObject({ '@tests': '4', '@failures': '1', '@errors': '2' });
  });

  it('keeps what looks like an entity as it was written', () => {
    const title = 'Lamps &nbsp; &amp; &lamps;';
    expect(junit.render({ ...plainReport, title })).toContain('value="Lamps &amp;nbsp; &amp;amp; &amp;lamps;"');
    expect(parse({ ...plainReport, title }).testsuites).toMatchObject({ '@tests': String(plainReport.items.length) });
  });

  it('counts a waived item as skipped', () => {
    const shown = junit.render(waivedReport);
    expect(shown).toContain('failures="0" errors="0" skipped="1"');
    expect(shown.indexOf('hall: waived by Ada')).toBeLessThan(shown.indexOf('<testcase'));
    expect(shown).toContain('<skipped type="waived" message="waived by Ada until 2026-03-01: on order">');
  });

  it('does not stay green on a waiver that ended while the run went on', () => {
    const shown = junit.render(lateReport);
    expect(shown).toContain('failures="1" errors="0" skipped="0"');
    expect(shown).not.toContain('<skipped');
  });

  it('is well-formed and loses no text, whatever the texts are', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (statement) => {
        const items = plainReport.items.map((item) => ({
          ...item,
          statement,
          reasons: item.reasons.map((reason) => ({ ...reason, says: statement })),
        }));
        const [first] = parse({ ...plainReport, items, title: statement }).testsuites.testsuite.testcase;
        expect(first?.['@name']).toBe(visible(`hall: ${statement}`));
      }),
    );
  });
});
