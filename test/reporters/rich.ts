import { crc32, deflateSync } from 'node:zlib';
import { sha256 } from '../../src/base/digest.ts';
import { ladders } from '../../src/gate/grade.ts';
import type { Timeline } from '../../src/gate/timeline.ts';
import type { Report, ReportItem } from '../../src/report/report.ts';
import type { KeptBytes } from '../../src/report/reporter.ts';
import { dark, healthy, sampleReport, sampleRun } from '../report/sample.ts';
import { hostileReport } from './hostile.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A grey picture of this size, as a browser would take it. */
export function png(widthPx: number, heightPx: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 0], 8);
  const rows = Buffer.alloc((widthPx + 1) * heightPx, 0xa0);
  for (let row = 0; row < heightPx; row++) rows[row * (widthPx + 1)] = 0;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

export const picture = png(640, 360);

/** Another grey one, 12 wide and 7 high. */
export const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAHAAwBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AKA//9k=',
  'base64',
);

/** The only picture that there is. */
export const evidence: KeptBytes = (name) => (name === sha256(picture) ? picture : undefined);

const way: Timeline = {
  says: 'test alert HallDark',
  nonce: 'lp0123456789abcdef',
  startedAt: '2026-03-01T09:00:01.000Z',
  hops: [
    { stage: 'signal', says: 'the test alert was posted', at: '2026-03-01T09:00:01.000Z', clock: 'ours' },
    { stage: 'alertmanager', says: 'Alertmanager holds it and routes it to people', at: '2026-03-01T09:00:01.120Z', clock: 'ours' },
    { stage: 'destination', says: 'oncall-email: in INBOX', at: '2026-03-01T09:00:03.000Z', clock: 'theirs' },
    { stage: 'acknowledgement', says: 'oncall-email: ada replied', at: '2026-03-01T09:00:09.000Z', clock: 'theirs' },
    { stage: 'resolution', says: 'oncall-email: told as over', at: '2026-03-01T09:00:12.000Z', clock: 'theirs' },
  ],
};

/** With everything that an item can have. */
function enriched(item: ReportItem): ReportItem {
  return { ...item, ladder: [...ladders.check], timelines: [way], evidence: [...item.evidence, sha256(picture)] };
}

function rich(report: Report): Report {
  return { ...report, items: report.items.map(enriched) };
}

const previous: NonNullable<Report['previous']> = {
  sha256: 'c'.repeat(64),
  startedAt: '2026-02-28T09:00:00.000Z',
  decision: 'do-not-proceed',
  items: [
    { id: 'hall', state: 'disproven', grade: 'declared' },
    { id: 'roof', state: 'proven', grade: 'passed' },
  ],
};

const waiver = {
  by: 'Grace <grace@example.org>',
  reason: 'the electrician comes on Monday',
  expires: '2026-03-08',
  was: 'disproven',
} as const;

export const proceeding = rich({ ...sampleReport(sampleRun(healthy), { keyId: 'abc+/=' }), previous });
export const refused = rich({ ...hostileReport, previous });

/** Its first item waived, the others proven. */
export const waived: Report = {
  ...proceeding,
  decision: 'proceed-with-waivers',
  items: proceeding.items.map((item, index) => (index === 0 ? { ...item, state: 'waived', waiver } : item)),
};

/** Items without end, and texts that no line can hold. */
export function large(count: number): Report {
  const [first, ...others] = refused.items;
  if (first === undefined) throw new Error('the sample has no items');
  const long = `${'x'.repeat(10_000)} ${'y '.repeat(500)}`;
  const items = Array.from({ length: count }, (_none, index) => ({ ...first, id: `item ${String(index)}` }));
  return { ...refused, items: [{ ...first, id: long, statement: long, proof: long.slice(0, 200) }, ...items, ...others] };
}

export const plain = sampleReport(sampleRun(dark));
