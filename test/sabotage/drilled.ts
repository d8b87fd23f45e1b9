import { expect } from 'vitest';
import { findingsOn } from '../../src/gate/finding.ts';
import type { Proof } from '../../src/gate/proof.ts';
import { proofs } from '../../src/proofs/index.ts';
import { concludeDrill, drillReport } from '../../src/report/drill.ts';
import { reporters } from '../../src/reporters/index.ts';
import { verifyReport } from '../../src/report/verify.ts';

/** Requires of the report of a healthy stack that every item of it can fail, and that a hollow one among them is found. */
export async function drilled(folder: string): Promise<void> {
  const { report, files } = await verifyReport({ folder, proofs, reporters, toolVersion: 'test', now: new Date() });
  if (report === undefined) throw new Error(`no report in ${folder}`);
  const found = await drillReport(files, report, { proofs, toolVersion: 'test' });
  const { cannotFail, unexplained, share } = concludeDrill(found, 0.95);
  expect({ cannotFail, unexplained, notDrilled: found.notDrilled }).toEqual({ cannotFail: [], unexplained: [], notDrilled: [] });
  expect(found.items.map(({ id }) => id)).toEqual(report.items.map(({ id }) => id));
  expect(share).toBeGreaterThanOrEqual(0.95);

  const withHollow = await drillReport(files, report, {
    proofs: new Map([...proofs, ['retention', hollow('retention')]]),
    toolVersion: 'test',
  });
  expect(concludeDrill(withHollow, 0).cannotFail.map(({ proof }) => proof)).toEqual(['retention']);
}

/** A kind that says yes on every rung, whatever was seen. */
function hollow(kind: string): Proof {
  const proof = proofs.get(kind);
  if (proof === undefined) throw new Error(`no proof kind ${kind}`);
  return { ...proof, judge: () => proof.ladder.slice(1).map((rung) => findingsOn(kind, rung).yes('all is well')) };
}
