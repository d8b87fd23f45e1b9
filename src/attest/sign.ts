import { sign } from 'node:crypto';
import { bundleBytes, payloadType } from './bundle.ts';
import { publicPemOf, type SigningKey } from './keys.ts';
import type { ApprovalStatement } from './approval.ts';
import { statementBytes, type Statement } from './statement.ts';

/** Signs a statement as a DSSE envelope in a sigstore bundle v0.3, without a transparency log. Returns the file's bytes. */
export async function signStatement(statement: Statement | ApprovalStatement, key: SigningKey): Promise<Buffer> {
  const { DSSEBundleBuilder } = await import('@sigstore/sign');
  const publicKey = publicPemOf(key);
  const { keyId, privateKey } = key;
  // Ed25519 hashes by itself and refuses to be told how.
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const builder = new DSSEBundleBuilder({
    signer: {
      sign: (data) =>
        Promise.resolve({ signature: sign(algorithm, data, privateKey), key: { $case: 'publicKey', publicKey, hint: keyId } }),
    },
    witnesses: [],
  });
  const payload = statementBytes(statement);
  const { content } = await builder.create({ data: payload, type: payloadType });
  const signature = content.$case === 'dsseEnvelope' ? content.dsseEnvelope.signatures[0]?.sig : undefined;
  if (signature === undefined) throw new Error('@sigstore/sign made a bundle without a signature');
  return bundleBytes({ payload, signature, keyId });
}
