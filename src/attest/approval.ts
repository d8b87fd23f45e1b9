import { z } from 'zod';
import { publicPemOf, type KeyId, type SigningKey } from './keys.ts';
import { resource, statementType, type Resource } from './statement.ts';

const simpleVerificationType = 'https://in-toto.io/attestation/svr/v0.2';

/** Somebody looked at something and lets it pass. Source: in-toto simple verification result predicate v0.2. */
const simpleVerification = z.strictObject({
  verifier: z.strictObject({
    /** The approver's key as a URI (RFC 6920): a name can be anybody's. */
    id: z.string(),
    /** By what it was judged: the gate file. */
    policies: z.array(resource),
    /** An extension of ours: with the key beside it, a change of a single byte shows even to those who do not know the approver. */
    liveproofApprover: z.strictObject({ name: z.string(), publicKey: z.string() }),
  }),
  timeCreated: z.iso.datetime(),
  properties: z.array(z.string()),
});

/** An in-toto Statement v1 that approves another attestation. */
export const approvalStatement = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(resource).length(1),
  predicateType: z.literal(simpleVerificationType),
  predicate: simpleVerification,
});
export type ApprovalStatement = Readonly<z.infer<typeof approvalStatement>>;

export interface Approver {
  readonly keyId: KeyId;
  /** As they call themselves. */
  readonly name: string;
  /** SPKI PEM. */
  readonly publicKey: string;
}

export function approverOf(key: SigningKey, name: string): Approver {
  return { keyId: key.keyId, name, publicKey: publicPemOf(key) };
}

export interface ApprovalParts {
  readonly approver: Approver;
  readonly at: string;
  /** What is approved: the other attestation. */
  readonly subject: Resource;
  readonly policies: readonly Resource[];
  readonly properties: readonly string[];
}

export function approvalStatementOf({ approver, at, subject, policies, properties }: ApprovalParts): ApprovalStatement {
  const { keyId, name, publicKey } = approver;
  return {
    _type: statementType,
    subject: [subject],
    predicateType: simpleVerificationType,
    predicate: {
      verifier: {
        id: `ni:///sha-256;${Buffer.from(keyId, 'base64').toString('base64url')}`,
        policies: [...policies],
        liveproofApprover: { name, publicKey },
      },
      timeCreated: at,
      properties: [...properties],
    },
  };
}
