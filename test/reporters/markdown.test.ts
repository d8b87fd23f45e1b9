import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import markdown from '../../src/reporters/markdown.ts';
import { cell, code, text } from '../../src/reporters/markdown/escape.ts';
import { healthy, sampleReport, sampleRun } from '../report/sample.ts';
import { hostileReport, plainReport, waivedReport } from './hostile.ts';

describe('report.md', () => {
  it('has the form of the verification report, with every refusal explained', async () => {
    await expect(markdown.render(plainReport)).toMatchFileSnapshot('golden/refused.md.golden');
  });

  it('ticks everything when all is proven, and explains nothing', async () => {
    await expect(markdown.render(sampleReport(sampleRun(healthy)))).toMatchFileSnapshot('golden/proceed.md.golden');
  });

  it('shows what weakens it on top, and takes text from elsewhere as text', async () => {
    await expect(markdown.render(hostileReport)).toMatchFileSnapshot('golden/hostile.md.golden');
  });

  it('shows waivers on top with a decision of their own', () => {
    const shown = markdown.render(waivedReport);
    expect(shown).toContain('hall are lit: waived by Ada until the end of 2026-03-01');
    expect(shown.indexOf('**Waivers**')).toBeLessThan(shown.indexOf('Lamps Verification'));
    expect(shown).toContain('- [ ] SUCCESS - Proceed\n- [x] SUCCESS WITH WAIVERS - Proceed, accepting what was waived\n- [ ] INCOMPLETE');
  });

  it('has no line that text from elsewhere could begin or end', () => {
    const lines = markdown.render(hostileReport).split('\n');
    expect(lines.filter((line) => line.startsWith('# '))).toEqual(['# Monitoring Setup Verification Report']);
    expect(lines).not.toContain('- [x] SUCCESS - Proceed');
  });

  it('ticks what is proven and nothing else, whatever the texts are', { timeout: 60_000 }, () => {
    const ticks = (report: Report): number => markdown.render(report).match(/^ *- \[x\]/gm)?.length ?? 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (statement, operator) => {
        const items = plainReport.items.map((item) => ({ ...item, statement }));
        expect(ticks({ ...plainReport, items, operator, title: statement, because: operator })).toBe(ticks(plainReport));
      }),
    );
  });
});

describe('escaping for Markdown', () => {
  it('leaves readable what does not act', () => {
    for (const plain of ['http_requests_total{code="500"}', 'rate(x[5m]) > 0.01', '1.2 < 3 & 4', 'p95 of 5 s | 90 %', 'a - b # c'])
      expect(text(plain)).toBe(plain);
  });

  it.each([
    ['*bold*', '\\*bold\\*'],
    ['_it_ __init__', '\\_it\\_ \\_\\_init\\_\\_'],
    ['[a](b) ![c](d)', '[a\\](b) ![c\\](d)'],
    ['<script>&lt;', '\\<script>\\&lt;'],
    ['`code` ~~gone~~ $x$', '\\`code\\` \\~\\~gone\\~\\~ \\$x\\$'],
    ['\\*', '\\\\\\*'],
    ['a\n\n# b', 'a  # b'],
  ])('takes %j as text', (from, to) => {
    expect(text(from)).toBe(to);
  });

  it.each([
    ['x', '`x`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '`  `'],
    ['a\nb', '`a b`'],
  ])('puts %j into a code span that it cannot leave', (from, to) => {
    expect(code(from)).toBe(to);
  });

  it('keeps bars inside their cell', () => {
    expect(cell('a|b')).toBe('`a\\|b`');
  });
});
