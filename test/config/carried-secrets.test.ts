import { describe, expect, it } from 'vitest';
import { carriedSecrets } from '../../src/config/carried-secrets.ts';
import { locate } from '../../src/config/locate.ts';
import { accepted } from './sample.ts';

function secretsIn(yaml: string): readonly string[] {
  const located = locate('a.yaml', yaml);
  if (!located.ok) throw new Error('not YAML');
  return carriedSecrets(located.root);
}

describe('secrets that no schema marks', () => {
  it('are the login in a URL, whole and as it is typed', () => {
    expect(secretsIn("url: 'http://adm:p%40ss-word@localhost:9090/x'")).toEqual(['p%40ss-word', 'p@ss-word', 'adm:p@ss-word']);
  });

  it('are values of a query by names that look secret', () => {
    expect(secretsIn("url: 'http://localhost/x?apikey=abc%2Fdef&page=2&access_token=ghi&sig=jkl'")).toEqual([
      'abc%2Fdef',
      'abc/def',
      'ghi',
      'jkl',
    ]);
  });

  it('are credentials in headers, without the scheme before them', () => {
    const headers = "headers: { authorization: 'Bearer abc.def', X-Api-Key: key-1, Cookie: 'sid=1', accept: text/html }";
    expect(secretsIn(`steps: [{ ${headers} }]`)).toEqual(['abc.def', 'key-1', 'sid=1']);
  });

  it('are what a body sends under a name that looks secret', () => {
    expect(secretsIn('steps: [{ json: { user: { password: open-sesame, email: a@b.example } } }]')).toEqual(['open-sesame']);
  });

  it('are not what only comes while a check runs, nor what an answer is expected to say', () => {
    const step = `{ headers: { authorization: 'Bearer {{token}}' }, take: { token: session.token }, expect: { json: { token: abc }, headers: { set-cookie: sid } } }`;
    expect(secretsIn(`steps: [${step}]`)).toEqual([]);
    expect(secretsIn("variables: { APP_URL: 'http://me:${PIN}@localhost' }")).not.toContain('${PIN}');
  });

  it('are not found in text that is no URL', () => {
    expect(secretsIn("a: 'http://'\nb: 'http://[?token=x'\nc: ['a?token=b']")).toEqual([]);
  });
});

it('a gate knows the secrets that its files carry, also where the environment or a variable brought them', async () => {
  const gate = `gate: a
variables: { ADM: 'in-a-variable' }
stack: { prometheus: { url: 'http://me:\${ADM}@localhost:9090' } }
checks: [c.yaml]
items: [{ id: a, proof: scrape, job: b, interval: 1s }]
`;
  const files = {
    'gate.yaml': gate,
    'c.yaml': "check: c\nprobe: http\nurl: 'http://localhost/?token=in-a-check'\nheaders: { x-api-key: in-a-header }\n",
    'environments/demo.yaml': "environment: demo\nstack: { prometheus: { url: 'http://me:in-the-environment@localhost:9090' } }\n",
  };
  const { secrets } = await accepted(files, { environment: 'demo' });
  expect(secrets).toEqual(expect.arrayContaining(['in-a-variable', 'in-a-check', 'in-a-header', 'in-the-environment']));
});
