import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { showFaults } from '../../src/cli/show-fault.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { policyFile } from '../../src/config/policy-schema.ts';
import type { Policy } from '../../src/report/policy.ts';
import { alan, gateKey, grace } from '../report/approved.ts';
import { p256 } from '../report/sample.ts';
import { filesFrom, kinds } from './sample.ts';

const { proofs } = kinds;
const pipeline = p256();
const keys = {
  'keys/gate.pub.pem': gateKey.publicPem,
  'keys/gate.pem': gateKey.privatePem,
  'keys/pipeline.pub.pem': pipeline.publicPem,
  'keys/grace.pub.pem': grace.publicPem,
  'keys/alan.pub.pem': alan.publicPem,
};

const smallest = `policy: production
gate: shop
environment: production
signedBy: [keys/gate.pub.pem]
`;
const approvals = `approvals:
  from:
    - { name: Grace Hopper, signsWith: keys/grace.pub.pem }
    - { name: Alan Turing, signsWith: keys/alan.pub.pem }
`;

const load = (text: string) => loadPolicy({ file: 'policy.yaml', proofs, files: filesFrom({ ...keys, 'policy.yaml': text }) });

async function accepted(text: string): Promise<Policy> {
  const loaded = await load(text);
  if (!loaded.ok) throw new Error(showFaults(loaded.faults, { color: false, width: 100 }));
  return loaded.policy;
}

/** What a terminal would show, with the paths of this machine taken out. */
async function refusal(text: string): Promise<string> {
  const loaded = await load(text);
  if (loaded.ok) return 'loaded without a fault';
  return showFaults(loaded.faults, { color: false, width: 120 }).replaceAll(`${process.cwd()}/`, '');
}

describe('a policy file', () => {
  it('asks for a gate, an environment and the keys that may run it; waivers have to be allowed', async () => {
    expect(await accepted(smallest)).toEqual({
      name: 'production',
      gate: 'shop',
      environment: 'production',
      keys: [expect.objectContaining({ keyId: gateKey.verifying.keyId })],
      grades: [],
      items: [],
      waivers: 'refused',
    });
  });

  it('can ask for approvals, ages, grades, items and some waivers', async () => {
    const text = `${smallest}maxAge: 12h
${approvals}  atLeast: 2
  maxAge: 1d
  gateMayApprove: true
grades:
  critical: { alert: acknowledged, scrape: on-time }
  warning: { alert: delivered }
items: [scrape, { id: pool, grade: acknowledged }]
waivers: { severities: [warning] }
`;
    expect(await accepted(text)).toMatchObject({
      maxAgeMs: 43_200_000,
      approvals: {
        atLeast: 2,
        maxAgeMs: 86_400_000,
        gateMayApprove: true,
        from: [
          { name: 'Grace Hopper', keyId: grace.signing.keyId },
          { name: 'Alan Turing', keyId: alan.signing.keyId },
        ],
      },
      grades: [
        { severity: 'critical', proof: 'alert', grade: 'acknowledged' },
        { severity: 'critical', proof: 'scrape', grade: 'on-time' },
        { severity: 'warning', proof: 'alert', grade: 'delivered' },
      ],
      items: [{ id: 'scrape' }, { id: 'pool', grade: 'acknowledged' }],
      waivers: { severities: ['warning'] },
    });
  });

  it('is told everything that is wrong with it at once, each with its place', async () => {
    const text = `${smallest.replace('gate:', 'gat:')}approvls: []\nwaivers: maybe\n`;
    expect(await refusal(text)).toBe(`error: unknown key "gat" (config/unknown-key)
  --> policy.yaml:2:1
2 | gat: shop
  | ^^^ did you mean "gate"?

error: unknown key "approvls" (config/unknown-key)
  --> policy.yaml:5:1
5 | approvls: []
  | ^^^^^^^^ did you mean "approvals"?

error: "waivers" must be "refused" or "allowed" or a map, not "maybe" (config/bad-value)
  --> policy.yaml:6:10
6 | waivers: maybe
  |          ^^^^^

3 errors`);
  });

  it('must name keys that are there, and public', async () => {
    const text = smallest.replace('[keys/gate.pub.pem]', '[keys/gate.pem, keys/other.pem]');
    expect(await refusal(text)).toBe(`error: keys/gate.pem holds a PEM block "PRIVATE KEY" where a "PUBLIC KEY" is needed (key/unreadable)
  --> policy.yaml:4:12
4 | signedBy: [keys/gate.pem, keys/other.pem]
  |            ^^^^^^^^^^^^^ verifying takes the public key; keep the private one to yourself

error: keys/other.pem does not exist (config/not-found)
  --> policy.yaml:4:27
4 | signedBy: [keys/gate.pem, keys/other.pem]
  |                           ^^^^^^^^^^^^^^
    in keys there are: alan.pub.pem, gate.pem, gate.pub.pem, grace.pub.pem, pipeline.pub.pem

2 errors`);
    expect(await refusal(smallest.replace('[keys/gate.pub.pem]', '[]'))).toContain('config/bad-value');
  });

  it('cannot ask for more approvals than there are people', async () => {
    const text = `${smallest}${approvals.replace('Alan Turing', 'Grace Hopper')}  atLeast: 2\n`;
    expect(await refusal(text)).toBe(`error: "atLeast" is 2, and only 1 person can approve (config/bad-value)
  --> policy.yaml:9:12
9 |   atLeast: 2
  |            ^`);
  });

  it('cannot list a key twice, or one that runs the gate without saying so', async () => {
    expect(await refusal(`${smallest}${approvals.replace('keys/alan', 'keys/grace')}`)).toContain(
      'error: this is the key of "Grace Hopper" as well (config/bad-value)\n  --> policy.yaml:8:39\n',
    );
    const both = `${smallest.replace('[keys', '[keys/pipeline.pub.pem, keys')}${approvals.replace('keys/alan', 'keys/pipeline')}`;
    expect(await refusal(both)).toContain(`error: "Alan Turing" has a key that runs the gate (config/bad-value)\n  --> policy.yaml:8:39\n`);
    expect(await refusal(`${both}  gateMayApprove: true\n`)).toBe('loaded without a fault');
  });

  it('knows proofs and their grades', async () => {
    const text = `${smallest}grades:\n  critical: { allert: fired, scrape: fired, alert: declared }\nitems: [{ id: pool, grade: deliverd }, pool]\n`;
    const said = await refusal(text);
    expect(said).toContain('error: unknown proof "allert" (config/unknown-kind)\n  --> policy.yaml:6:23\n');
    expect(said).toContain('did you mean "alert"?');
    expect(said).toContain('error: "fired" is no grade that scrape has to be proven to (config/bad-value)\n  --> policy.yaml:6:38\n');
    expect(said).toContain('error: "declared" is no grade that alert has to be proven to (config/bad-value)');
    expect(said).toContain('error: "deliverd" is no grade (config/bad-value)\n  --> policy.yaml:7:28\n');
    expect(said).toContain('did you mean "delivered"?');
    expect(said).toContain('error: "pool" is listed twice (config/duplicate-id)\n  --> policy.yaml:7:40\n');
  });

  it('must be there, and be YAML', async () => {
    const missing = await loadPolicy({ file: 'polcy.yaml', proofs, files: filesFrom({ 'policy.yaml': smallest }) });
    expect(missing.ok ? [] : missing.faults.map(({ message, hint }) => [message, hint])).toEqual([
      ['polcy.yaml does not exist', 'did you mean policy.yaml?'],
    ]);
    expect(await refusal('policy: [')).toContain('config/invalid-yaml');
    expect(await refusal('- policy')).toContain('config/wrong-type');
  });
});

describe('docs/reference/policy.schema.json', () => {
  it('is what the loader asks for', async () => {
    const written = await readFile(join(import.meta.dirname, '../../docs/reference/policy.schema.json'), 'utf8');
    const schema = z.toJSONSchema(policyFile, {
      io: 'input',
      // Marks of our own say nothing to an editor.
      override: ({ jsonSchema }) => ['path', 'expects'].forEach((mark) => delete jsonSchema[mark]),
    });
    expect(JSON.parse(written), 'write what was received into that file').toEqual(schema);
  });
});
