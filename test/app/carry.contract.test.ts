import { join } from 'node:path';
import { expect, it } from 'vitest';
import { carryProven } from '../../src/app/carry.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { evidenceIn } from '../../src/gate/evidence.ts';
import { reporters } from '../../src/reporters/index.ts';
import { p256, proofs, sampleRun, temporaryFolder, toolVersion, writeSample } from '../report/sample.ts';

const waivers = [{ item: 'hall', by: 'Ada', reason: 'the lamps are on order', expires: '2026-03-01T12:00:00Z' }];
const policy = { maxAgeMs: 86_400_000, waivers: { items: ['hall'], severities: [], longestMs: 86_400_000 } };

async function carriedAt(now: string): Promise<string> {
  const root = await temporaryFolder();
  try {
    const sample = sampleRun(
      [
        { id: 'hall', lit: ['green'] },
        { id: 'stairs', lit: ['red', 'green'] },
      ],
      { waivers, policy },
    );
    const { signing: key } = p256();
    await writeSample(root.path, sample, key);
    const { gate } = sample.run;
    const { says } = await carryProven({
      folder: join(root.path, gate.name),
      gate,
      redactor: createRedactor([]),
      proofs,
      reporters,
      toolVersion,
      key,
      now: new Date(now),
      evidence: evidenceIn(join(root.path, 'evidence')),
      again: new Set(),
      basis: () => Promise.resolve({ says: 'nobody asks' }),
    });
    return says;
  } finally {
    await root.remove();
  }
}

it('what was proven beside an item is still asked for when the waiver of that item has ended', async () => {
  for (const now of ['2026-03-01T11:59:00Z', '2026-03-01T12:01:00Z']) {
    const says = await carriedAt(now);
    expect(says).toContain('0 of 2 items are still proven by');
    expect(says).toContain('stairs is proven again: it is not known what it rested on');
  }
});
