import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { reportText, type Report } from '../../src/report/report.ts';
import html from '../../src/reporters/html.ts';
import { markup } from '../../src/reporters/html/markup.ts';
import { evidence, large, jpeg, picture, plain, proceeding, refused, waived } from './rich.ts';

/** Every tag of a page, as it is written. */
const tagsOf = (report: Report): readonly string[] => html.render(report, evidence).match(/<[a-z/!][^>]*>/gi) ?? [];

/** What a reader sees, tags and pictures left out. */
function textOf(report: Report): string {
  const [, body = ''] = html.render(report, evidence).split('</style>');
  const text = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '&');
}

describe('report.html', () => {
  it('says the decision first, in words, and then in numbers', () => {
    expect(textOf(refused)).toMatch(/DO NOT PROCEED Of 4 items, 1 is proven, 1 is disproven, 1 could not be told and 1 was not tried/);
    expect(textOf(proceeding)).toMatch(/Decision: PROCEED All 2 items are proven\. .*What/);
    expect(textOf(waived)).toContain('PROCEED WITH WAIVERS Of 2 items, 1 is proven and 1 is waived.');
  });

  it('tells who waived what, why and until when before the checklist begins', () => {
    const [before = '', after] = textOf(waived).split('The checklist');
    expect(before).toContain('Waived by Grace <grace@example.org> until 2026-03-08: the electrician comes on Monday (it is disproven)');
    expect(after).toBeDefined();
    expect(textOf(proceeding)).not.toContain('Waived');
  });

  it('tells that a waived item is waived also where nobody says by whom', () => {
    const items = plain.items.map((item) => ({ ...item, state: 'waived' as const }));
    expect(textOf({ ...plain, items, decision: 'proceed-with-waivers' })).toContain('Waived, so not proven hall The lamps of hall are lit');
  });

  it('explains every refusal with what to change', () => {
    expect(textOf(refused)).toContain('Does not hold: passed red is dark What to change: switch red on');
    expect(textOf(refused)).toContain('Could not be told: passed the cellar cannot be reached What to change: open its door');
  });

  it('shows how far an item was proven and how far it has to be', () => {
    expect(textOf(refused)).toContain('✓ declared (reached) ✗ passed (not reached) required · steady (not asked for)');
    expect(textOf(refused)).toContain('✓ declared (reached) ? passed (could not be told) required · steady (not asked for)');
    expect(textOf(plain)).not.toContain('not asked for');
  });

  it('tells the way of a signal hop by hop, with the time of each', () => {
    expect(textOf(proceeding)).toContain('Time line: test alert HallDark, nonce lp0123456789abcdef');
    expect(textOf(proceeding)).toContain(
      '+8.0 s 09:00:09.000 * Person oncall-email: ada replied +11.0 s 09:00:12.000 * End oncall-email: told as over',
    );
  });

  it('shows what changed since the run before, worst first, and says that it does not vouch for it', () => {
    expect(textOf(proceeding)).toMatch(/Since the run before .* 3 items differ\. .*not verified here/);
    expect(textOf(proceeding)).toMatch(
      /roof No longer asked for ✓ proven passed not there stairs New not there ✓ proven passed hall Better/,
    );
    const same = {
      ...plain,
      previous: {
        sha256: 'd'.repeat(64),
        startedAt: plain.startedAt,
        decision: plain.decision,
        items: plain.items.map(({ id, state, grade }) => ({ id, state, grade })),
      },
    };
    expect(textOf(same)).toContain('Every item stands where it stood.');
    expect(textOf(plain)).not.toContain('Since the run before');
  });

  it('carries its pictures itself, and links those that it cannot carry', () => {
    const page = html.render(proceeding, evidence);
    expect(page).toContain(
      `src="data:image/png;base64,${picture.toString('base64')}" width="640" height="360" alt="Screenshot kept while hall`,
    );
    const newer = html.render(proceeding, (name) => (name === sha256(picture) ? jpeg : undefined));
    expect(newer).toContain(`src="data:image/jpeg;base64,${jpeg.toString('base64')}" width="12" height="7"`);
    const heavy = Buffer.concat([picture, Buffer.alloc(3 * 1024 * 1024)]);
    const linked = html.render(proceeding, (name) => (name === sha256(picture) ? heavy : undefined));
    expect(linked).not.toContain('<img');
    expect(linked).toContain(`href="evidence/${sha256(picture)}"`);
    expect(linked).toContain('Too large to stand here');
  });

  it('names the digest of the report.json that it shows', () => {
    expect(html.render(proceeding)).toContain(`<code>${sha256(reportText(proceeding))}</code>`);
  });

  it('asks nobody for anything: its addresses are anchors, evidence beside it, and pictures that it carries', () => {
    for (const report of [proceeding, refused, waived]) {
      const addresses = [...html.render(report, evidence).matchAll(/(?:src|href|action|srcset|poster|data)="([^"]*)"/g)].map(
        ([, address]) => address ?? '',
      );
      expect(addresses.length).toBeGreaterThan(10);
      expect(addresses.filter((address) => !/^(#[a-z0-9-]+|evidence\/[0-9a-f]{64}|data:image\/png;base64,.*)$/.test(address))).toEqual([]);
    }
    expect(html.render(refused)).not.toMatch(/url\(|@import|<script|<link|<iframe|\son\w+=/i);
  });

  it('makes no element, attribute or comment of a text, whatever the text is', { timeout: 60_000 }, () => {
    const attack = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '" onload="alert(1)',
        "' x='",
        '--><img src=x>',
        '</style><b>',
        '</code></details>',
        '&lt;b&gt;',
        '\u202eevil',
        '\0',
      ),
    );
    const withTexts = (statement: string, says: string): Report => ({
      ...plain,
      title: statement,
      operator: says,
      environment: statement,
      items: plain.items.map((item) => ({ ...item, statement, reasons: item.reasons.map((each) => ({ ...each, says, hint: says })) })),
    });
    const wanted = tagsOf(withTexts('a', 'b'));
    expect(wanted.length).toBeGreaterThan(50);
    const attacked = fc.property(attack, attack, (statement, says) => {
      expect(tagsOf(withTexts(statement, says))).toEqual(wanted);
    });
    fc.assert(attacked, { numRuns: 50 });
  });

  it('shows what would turn text around or hide it, instead of obeying', () => {
    expect(html.render(refused)).not.toMatch(/[^\P{C}\n]/u);
    expect(textOf(refused)).toContain('\\u{202e}');
  });

  it('is the same every time, and takes hundreds of items with texts of ten thousand characters', { timeout: 60_000 }, () => {
    expect(html.render(refused, evidence)).toBe(html.render(structuredClone(refused), evidence));
    expect(html.render(large(500), evidence).match(/<details /g)).toHaveLength(504);
  });
});

describe('markup', () => {
  it('escapes whatever is not markup itself, and leaves out what is not there', () => {
    expect(markup`<p title="${'"'}">${'<b>'}${markup`<i>${1}</i>`}${undefined}${false}${['&', markup`<br>`]}</p>`.html).toBe(
      '<p title="&quot;">&lt;b&gt;<i>1</i>&amp;<br></p>',
    );
  });
});
