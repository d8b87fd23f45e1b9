import { signReport, type SignReportOptions, type Signing } from '../../src/report/sign.ts';
import type { Policy } from '../../src/report/policy.ts';
import { reporters } from '../../src/reporters/index.ts';
import { healthy, now, p256, proofs, sampleRun, temporaryFolder, toolVersion, writeSample, type Pair, type SampleItem } from './sample.ts';

export const gateKey = p256();
export const grace = p256();
export const alan = p256();

/** Approves as `pair`, five minutes after the sample run began unless told otherwise. */
export function approve(folder: string, pair: Pair, name: string, options: Partial<SignReportOptions> = {}): Promise<Signing> {
  return signReport({ folder, key: pair.signing, name, publicKey: gateKey.publicPem, now, proofs, reporters, toolVersion, ...options });
}

/** A report that the gate signed, in a folder that is gone at the end. */
export async function signedReport(items: readonly SampleItem[] = healthy, pair: Pair = gateKey) {
  const root = await temporaryFolder();
  const folder = await writeSample(root.path, sampleRun(items), pair.signing);
  return { root: root.path, folder, [Symbol.asyncDispose]: () => root.remove() };
}

/** Two approvals of the sample gate. */
export const strict: Policy = {
  name: 'opening',
  gate: 'lamps',
  environment: 'none',
  keys: [gateKey.verifying],
  maxAgeMs: 3_600_000,
  approvals: {
    atLeast: 2,
    maxAgeMs: 3_600_000,
    gateKeyCounts: false,
    from: [
      { name: 'Grace Hopper', keyId: grace.signing.keyId },
      { name: 'Alan Turing', keyId: alan.signing.keyId },
    ],
  },
  grades: [],
  items: [],
  waivers: 'refused',
};
