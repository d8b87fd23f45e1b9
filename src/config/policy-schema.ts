import { z } from 'zod';
import { duration } from '../base/duration.ts';

const text = z.string().min(1);
const keyFile = text.meta({ path: true, expects: 'a file with a public key' });

const approver = z.strictObject({
  name: text.describe('who it is; somebody with several keys counts once'),
  key: keyFile.describe('the file of their public key, relative to this one'),
});

const approvals = z
  .strictObject({
    atLeast: z.int().min(1).default(1).describe('how many people have to approve'),
    maxAge: duration.optional().describe('how old an approval may be'),
    from: z.array(approver).min(1).describe('whose approvals count'),
    gateKeyCounts: z.boolean().default(false).describe('whether a key that runs the gate may approve as well'),
  })
  .describe('who has to approve a report, with "liveproof sign"');

/** A policy file: what somebody who relies on reports asks of them. Whatever it leaves out is not asked for, but waivers have to be allowed. */
export const policyFile = z.strictObject({
  policy: text.describe('what the policy is called'),
  gate: text.describe('the only gate whose reports are accepted'),
  environment: text.describe('the only environment whose reports are accepted; "default" for a gate that was run without --env'),
  keys: z.array(keyFile).min(1).describe('public keys of those who are trusted to run the gate, as files relative to this one'),
  maxAge: duration.optional().describe('how old the oldest evidence may be; the age that the gate allows holds all the same'),
  approvals: approvals.optional(),
  grades: z
    .record(text, z.record(text, text))
    .default({})
    .describe('how far items have to be proven, by severity and proof: critical: { alert: acknowledged }'),
  items: z
    .array(
      z.union([text, z.strictObject({ id: text.describe('the id of the item'), grade: text.describe('how far it has to be proven') })]),
    )
    .default([])
    .describe('items that must be there, each by its id, or with the grade that it needs'),
  waivers: z
    .union([
      z.enum(['refused', 'allowed']),
      z.strictObject({ severities: z.array(text).min(1).describe('the severities whose items may be waived') }),
    ])
    .default('refused')
    .describe('whether what the gate waived is accepted'),
});
export type PolicyFile = z.output<typeof policyFile>;
