import { describe, expect, test } from 'vitest';
import { refusal } from './sample.ts';

/** A gate with one good item, to which each case adds its mistake. */
const good = `gate: sample
items:
  - id: scrape
    proof: scrape
    job: app
    interval: 15s
`;

/** Golden text without the indentation that the test file needs. */
function text(strings: TemplateStringsArray): string {
  const lines = String.raw(strings).split('\n').slice(1, -1);
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}

describe('keys', () => {
  test('an unknown key is shown with the one that was probably meant', async () => {
    expect(await refusal(good.replace('interval:', 'intervall:'))).toBe(text`
      error: unknown key "intervall" (config/unknown-key)
        --> gate.yaml:6:5
      6 |     intervall: 15s
        |     ^^^^^^^^^ did you mean "interval"?
    `);
  });

  test('a key that is like no other is shown with those that are known', async () => {
    expect(await refusal(`${good}    colour: red\n`)).toBe(text`
      error: unknown key "colour" (config/unknown-key)
        --> gate.yaml:7:5
      7 |     colour: red
        |     ^^^^^^ known keys: grade, needs, port, ref, severity, statement, timeout
    `);
  });

  test("a misspelt key that all items have is found among the kind's own keys", async () => {
    expect(await refusal(good.replace('id:', 'idd:'))).toBe(text`
      error: unknown key "idd" (config/unknown-key)
        --> gate.yaml:3:5
      3 |   - idd: scrape
        |     ^^^ did you mean "id"?
    `);
  });

  test('a misspelt key of the kind itself is found although the kind is then unknown', async () => {
    expect(await refusal(good.replace('proof:', 'prof:'))).toBe(text`
      error: unknown key "prof" (config/unknown-key)
        --> gate.yaml:4:5
      4 |     prof: scrape
        |     ^^^^ did you mean "proof"?
    `);
  });

  test('a missing key is missed at the first line of its item, with what it is for', async () => {
    expect(await refusal(good.replace('    job: app\n', ''))).toBe(text`
      error: missing key "job" (config/missing-key)
        --> gate.yaml:3:5
      3 |   - id: scrape
        |     ^^^^^^^^^^ "job": the job as Prometheus names it
    `);
  });

  test('a missing key of a named map is missed at its name', async () => {
    expect(await refusal(`${good}stack:\n  prometheus:\n    token: x\n`)).toBe(text`
      error: missing key "url" (config/missing-key)
        --> gate.yaml:8:3
      8 |   prometheus:
        |   ^^^^^^^^^^ "url": where the server answers, such as http://localhost:9090
    `);
  });

  test('names of channels, which become part of paths and command lines, are plain', async () => {
    expect(await refusal(`${good}channels:\n  on call: { kind: email, to: a@b.example, password: x }\n`)).toBe(text`
      error: "on call" cannot be a key here: it must be a name of letters, digits, "-" and "_" (config/bad-value)
        --> gate.yaml:8:3
      8 |   on call: { kind: email, to: a@b.example, password: * }
        |   ^^^^^^^
    `);
  });

  test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])('the key %s is as unknown as any other', async (key) => {
    expect(await refusal(`${good}    ${key}: 1\n`)).toContain(`error: unknown key "${key}" (config/unknown-key)`);
  });

  test('the key __proto__ is refused wherever it stands', async () => {
    expect(await refusal(`${good}stack: { __proto__: { polluted: yes } }\n`)).toBe(text`
      error: "__proto__" cannot be a key (config/invalid-yaml)
        --> gate.yaml:7:10
      7 | stack: { __proto__: { polluted: yes } }
        |          ^^^^^^^^^
    `);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('values', () => {
  test('a number where a duration is wanted', async () => {
    expect(await refusal(good.replace('15s', '15'))).toBe(text`
      error: "interval" must be a duration such as 15s, not 15 (config/wrong-type)
        --> gate.yaml:6:15
      6 |     interval: 15
        |               ^^
    `);
  });

  test('text that is no duration', async () => {
    expect(await refusal(good.replace('15s', '15 seconds'))).toBe(text`
      error: "interval": "15 seconds" is not a duration: write 15s, 5m, 1h30m or 30d (config/bad-value)
        --> gate.yaml:6:15
      6 |     interval: 15 seconds
        |               ^^^^^^^^^^
    `);
  });

  test('a key without a value', async () => {
    expect(await refusal(good.replace(' app', ''))).toBe(text`
      error: "job" must be text, but has no value (config/wrong-type)
        --> gate.yaml:5:5
      5 |     job:
        |     ^^^
    `);
  });

  test('text that YAML reads as a number, with the remedy', async () => {
    expect(await refusal(good.replace('job: app', 'job: 1.10'))).toBe(text`
      error: "job" must be text, not 1.10 (config/wrong-type)
        --> gate.yaml:5:10
      5 |     job: 1.10
        |          ^^^^ put it in quotes: '1.10'
    `);
  });

  test('a number in quotes is no number', async () => {
    expect(await refusal(`${good}    port: "3000"\n`)).toBe(text`
      error: "port" must be a whole number, not "3000" (config/wrong-type)
        --> gate.yaml:7:11
      7 |     port: "3000"
        |           ^^^^^^ take the quotes away
    `);
  });

  test('one value where a list is wanted', async () => {
    expect(await refusal(`ref: AB-G1\n${good}`)).toBe(text`
      error: "ref" must be a list, not "AB-G1" (config/wrong-type)
        --> gate.yaml:1:6
      1 | ref: AB-G1
        |      ^^^^^
    `);
  });

  test('an entry of a list is named by its place in it', async () => {
    expect(await refusal(`ref: [AB-G1, 7]\n${good}`)).toBe(text`
      error: "ref[1]" must be text, not 7 (config/wrong-type)
        --> gate.yaml:1:14
      1 | ref: [AB-G1, 7]
        |              ^ put it in quotes: '7'
    `);
  });

  test('a word that is not one of those that are allowed', async () => {
    expect(await refusal(`${good}  - { id: alert, proof: alert, rule: High, level: critcal }\n`)).toBe(text`
      error: "level" must be "critical" or "warning", not "critcal" (config/bad-value)
        --> gate.yaml:7:51
      7 |   - { id: alert, proof: alert, rule: High, level: critcal }
        |                                                   ^^^^^^^ did you mean "critical"?
    `);
  });

  test('an empty list where something must stand', async () => {
    expect(await refusal('gate: sample\nitems: []\n')).toBe(text`
      error: "items" must not be empty (config/bad-value)
        --> gate.yaml:2:8
      2 | items: []
        |        ^^
    `);
  });

  test('an address without its protocol', async () => {
    expect(await refusal(`${good}stack: { prometheus: { url: localhost:9090 } }\n`)).toBe(text`
      error: "url" must be a URL such as http://localhost:9090, not "localhost:9090" (config/bad-value)
        --> gate.yaml:7:29
      7 | stack: { prometheus: { url: localhost:9090 } }
        |                             ^^^^^^^^^^^^^^
    `);
  });

  test('a file that is not a map at all', async () => {
    expect(await refusal('- gate: sample\n')).toBe(text`
      error: this file must be a map, not a list (config/wrong-type)
        --> gate.yaml:1:1
      1 | - gate: sample
        | ^^^^^^^^^^^^^^
    `);
  });

  test('a value that may take several forms and has none of them', async () => {
    expect(await refusal(`${good}  - { id: alert, proof: alert, rule: High, moves: [{ by: two }] }\n`)).toBe(text`
      error: "by" must be a number or a map, not "two" (config/wrong-type)
        --> gate.yaml:7:58
      7 |   - { id: alert, proof: alert, rule: High, moves: [{ by: two }] }
        |                                                          ^^^
    `);
  });

  test('a value that may take several forms is judged as the one that it is nearest to', async () => {
    const fires = '    fires:\n      - { series: a, observe: 1, bucket: [1] }\n      - { series: b, rate: fast }\n';
    expect(await refusal(`${good}  - id: alert\n    proof: alert\n    rule: High\n${fires}`)).toBe(text`
      error: unknown key "bucket" (config/unknown-key)
        --> gate.yaml:11:34
      11 |       - { series: a, observe: 1, bucket: [1] }
         |                                  ^^^^^^ did you mean "buckets"?

      error: "rate" must be a number, not "fast" (config/wrong-type)
        --> gate.yaml:12:28
      12 |       - { series: b, rate: fast }
         |                            ^^^^

      2 errors
    `);
  });
});

describe('kinds, grades and names', () => {
  test('an unknown proof', async () => {
    expect(await refusal(good.replace('proof: scrape', 'proof: scrapes'))).toBe(text`
      error: unknown proof "scrapes" (config/unknown-kind)
        --> gate.yaml:4:12
      4 |     proof: scrapes
        |            ^^^^^^^ did you mean "scrape"?
    `);
  });

  test('an unknown kind that is like no other is shown with those that are known', async () => {
    expect(await refusal(`${good}channels:\n  pager: { kind: pigeon }\n`)).toBe(text`
      error: unknown channel kind "pigeon" (config/unknown-kind)
        --> gate.yaml:8:18
      8 |   pager: { kind: pigeon }
        |                  ^^^^^^ known channel kinds: email
    `);
  });

  test("a grade that is not on the proof's ladder", async () => {
    expect(await refusal(`${good}    grade: ontime\n`)).toBe(text`
      error: "grade" of the proof "scrape" must be declared, configured, up or on-time, not "ontime" (config/bad-value)
        --> gate.yaml:7:12
      7 |     grade: ontime
        |            ^^^^^^ did you mean "on-time"?
    `);
  });

  test('an id that is given twice', async () => {
    expect(await refusal(`${good}  - { id: scrape, proof: scrape, job: b, interval: 1s }\n`)).toBe(text`
      error: the id "scrape" is given twice (config/duplicate-id)
        --> gate.yaml:7:11
      7 |   - { id: scrape, proof: scrape, job: b, interval: 1s }
        |           ^^^^^^ the other one is at gate.yaml:3:9
    `);
  });

  test('references to items, channels and checks that are not there', async () => {
    const item = '  - { id: alert, proof: alert, rule: High, needs: [scrap], channels: [oncal], stimulus: { check: health } }\n';
    const channels = 'channels:\n  oncall: { kind: email, to: a@b.example, password: hunter22 }\n';
    expect(await refusal(`${good}${item}${channels}`)).toBe(text`
      error: there is no item "scrap" (config/unknown-reference)
        --> gate.yaml:7:52
      7 | …lert, rule: High, needs: [scrap], channels: [oncal], stimulus: { check: health…
        |                            ^^^^^ did you mean "scrape"?

      error: there is no channel "oncal" (config/unknown-reference)
        --> gate.yaml:7:71
      7 | …eeds: [scrap], channels: [oncal], stimulus: { check: health } }
        |                            ^^^^^ did you mean "oncall"?

      error: there is no check "health" (config/unknown-reference)
        --> gate.yaml:7:98
      7 | …ncal], stimulus: { check: health } }
        |                            ^^^^^^ the gate has no checks

      3 errors
    `);
  });

  test('an item that is at fault itself is not also an unknown reference', async () => {
    const wrong = good.replace('15s', '15');
    expect(await refusal(`${wrong}  - { id: alert, proof: alert, rule: High, needs: [scrape] }\n`)).toContain(
      '"interval" must be a duration',
    );
    expect(await refusal(`${wrong}  - { id: alert, proof: alert, rule: High, needs: [scrape] }\n`)).not.toContain('there is no item');
  });

  test('items that need each other in a circle', async () => {
    const items = ['a: b', 'b: c', 'c: a']
      .map((pair) => pair.split(': '))
      .map(([id = '', need = '']) => `  - { id: ${id}, proof: alert, rule: High, needs: [${need}] }\n`);
    expect(await refusal(`gate: sample\nitems:\n${items.join('')}`)).toBe(text`
      error: items need each other in a circle: a → b → c → a (config/cycle)
        --> gate.yaml:5:48
      5 |   - { id: c, proof: alert, rule: High, needs: [a] }
        |                                                ^ take one of them out of "needs"
    `);
  });

  test('an item that needs itself', async () => {
    expect(await refusal(`${good}    needs: [scrape]\n`)).toContain('items need each other in a circle: scrape → scrape (config/cycle)');
  });
});

describe('files', () => {
  test('a gate file that does not exist has no place, and is shown with the one that was probably meant', async () => {
    expect(await refusal({ 'gates/a/gate.yaml': good }, { file: 'gates/a/gates.yaml' })).toBe(text`
      error: gates/a/gates.yaml does not exist (config/not-found)
        did you mean gates/a/gate.yaml?
    `);
  });

  test('a misspelt folder is found as well', async () => {
    expect(await refusal({ 'gates/accubooks/gate.yaml': good }, { file: 'gates/acubooks/gate.yaml' })).toBe(text`
      error: gates/acubooks/gate.yaml does not exist (config/not-found)
        did you mean gates/accubooks/gate.yaml?
    `);
  });

  test('a check file that does not exist is missed where the gate names it', async () => {
    const files = { 'gate.yaml': `${good}checks: [checks/helth.yaml]\n`, 'checks/health.yaml': '' };
    expect(await refusal(files)).toBe(text`
      error: checks/helth.yaml does not exist (config/not-found)
        --> gate.yaml:7:10
      7 | checks: [checks/helth.yaml]
        |          ^^^^^^^^^^^^^^^^^ did you mean checks/health.yaml?
    `);
  });

  test('a file that a check names is missed where the check names it', async () => {
    const files = {
      'gate.yaml': `${good}checks: [checks/login.yaml]\n`,
      'checks/login.yaml': 'check: login\nprobe: browser\nscript: flows/login.ts\n',
      'checks/flows/log-in.ts': '',
    };
    expect(await refusal(files)).toBe(text`
      error: checks/flows/login.ts does not exist (config/not-found)
        --> checks/login.yaml:3:9
      3 | script: flows/login.ts
        |         ^^^^^^^^^^^^^^ did you mean checks/flows/log-in.ts?
    `);
  });

  test('an item that is given no time is refused', async () => {
    expect(await refusal({ 'gate.yaml': `${good}    timeout: 0s\n` })).toBe(text`
      error: "timeout": must be longer than nothing (config/bad-value)
        --> gate.yaml:7:14
      7 |     timeout: 0s
        |              ^^
    `);
  });

  test('mistakes in a check file stand in that file', async () => {
    const files = { 'gate.yaml': `${good}checks: [health.yaml]\n`, 'health.yaml': 'check: health\nprobe: htp\ntimeout: 5\n' };
    expect(await refusal(files)).toBe(text`
      error: unknown probe "htp" (config/unknown-kind)
        --> health.yaml:2:8
      2 | probe: htp
        |        ^^^ did you mean "http"?

      error: "timeout" must be a duration such as 15s, not 5 (config/wrong-type)
        --> health.yaml:3:10
      3 | timeout: 5
        |          ^

      2 errors
    `);
  });

  test('two checks of one name name each other', async () => {
    const check = 'check: health\nprobe: http\nurl: http://localhost/\n';
    expect(await refusal({ 'gate.yaml': `${good}checks: [a.yaml, b.yaml]\n`, 'a.yaml': check, 'b.yaml': check })).toBe(text`
      error: the check "health" is given twice (config/duplicate-id)
        --> b.yaml:1:8
      1 | check: health
        |        ^^^^^^ the other one is at a.yaml:1:8
    `);
  });

  test('an unknown environment is shown with those that exist', async () => {
    const files = { 'gates/a/gate.yaml': good, 'gates/a/environments/demo.yaml': '', 'gates/a/environments/staging.yaml': '' };
    expect(await refusal(files, { file: 'gates/a/gate.yaml', environment: 'production' })).toBe(text`
      error: there is no environment "production" beside gates/a/gate.yaml (config/not-found)
        there are: demo, staging
    `);
    expect(await refusal(files, { file: 'gates/a/gate.yaml', environment: '../../a/environments/demo' })).toContain(
      'there is no environment "../../a/environments/demo"',
    );
  });
});

describe('variables', () => {
  test('a variable that is not set stands at its very place, with how to set it', async () => {
    expect(await refusal(good.replace('job: app', "job: 'the-${JOB_NAME}'"))).toBe(
      text`
      error: the variable "JOB_NAME" is not set (config/missing-variable)
        --> gate.yaml:5:15
      5 |     job: 'the-\${JOB_NAME}'
        |               ^^^^^^^^^^^ set it with: export JOB_NAME=…, or under "variables" in gate.yaml
    `.replace('\\$', '$'),
    );
  });

  test('nothing more is said of a value whose variable is not set', async () => {
    const shown = await refusal(`${good.replace('15s', '${INTERVAL}')}stack: { prometheus: { url: '\${PROMETHEUS_URL}' } }\n`);
    expect(shown.match(/^error: .*/gm)).toEqual([
      'error: the variable "INTERVAL" is not set (config/missing-variable)',
      'error: the variable "PROMETHEUS_URL" is not set (config/missing-variable)',
    ]);
  });

  test('a variable that was probably misspelt is shown with the one that is declared', async () => {
    const shown = await refusal(`variables: { PROMETHEUS_URL: 'http://localhost:9090' }\n${good.replace('app', '${PROMETEUS_URL}')}`);
    expect(shown).toContain('did you mean "PROMETHEUS_URL"? If not, set it with: export PROMETEUS_URL=…');
  });

  test('a variable in { } without quotes, which YAML takes for a map', async () => {
    expect(await refusal(`${good}stack: { prometheus: { url: \${PROMETHEUS_URL} } }\n`)).toBe(
      text`
      error: inside { } and [ ] a variable needs quotes (config/invalid-yaml)
        --> gate.yaml:7:29
      7 | stack: { prometheus: { url: \${PROMETHEUS_URL} } }
        |                             ^^^^^^^^^^^^^^^^^ write '\${PROMETHEUS_URL}'
    `.replaceAll('\\$', '$'),
    );
  });

  test('a value brought in by a secret variable is not repeated in a message', async () => {
    const shown = await refusal(`${good}stack: { prometheus: { url: 'ftp://\${API_TOKEN}' } }\n`, { env: { API_TOKEN: 'hunter22' } });
    expect(shown).toContain('"url" must be a URL such as http://localhost:9090, not "ftp://[redacted]"');
    expect(shown).not.toContain('hunter22');
  });

  test('a secret in the file is starred out wherever its line is shown', async () => {
    const shown = await refusal(
      `${good}channels:\n  oncall: { kind: email, to: me, password: hunter22 }\n  other: { kind: email, to: a@b.example, password: 12345678 }\n`,
    );
    expect(shown).toBe(text`
      error: "to" must be an e-mail address, not "me" (config/bad-value)
        --> gate.yaml:8:30
      8 |   oncall: { kind: email, to: me, password: ******** }
        |                              ^^

      error: "password" must be text, not a number (config/wrong-type)
        --> gate.yaml:9:52
      9 |   other: { kind: email, to: a@b.example, password: ******** }
        |                                                    ^^^^^^^^ put it in quotes

      2 errors
    `);
  });
});

describe('the environment file', () => {
  const environment = (changes: string) => ({ 'gate.yaml': good, 'environments/demo.yaml': `environment: demo\n${changes}` });

  test('changes to an item that is not there', async () => {
    expect(await refusal(environment('items:\n  scrap: { interval: 1s }\n'), { environment: 'demo' })).toBe(text`
      error: there is no item "scrap" to change (config/unknown-reference)
        --> environments/demo.yaml:3:3
      3 |   scrap: { interval: 1s }
        |   ^^^^^ did you mean "scrape"?
    `);
  });

  test('a mistake that it brings in stands where it was written', async () => {
    expect(await refusal(environment('items:\n  scrape: { intervall: 1s, interval: 1 }\n'), { environment: 'demo' })).toBe(text`
      error: unknown key "intervall" (config/unknown-key)
        --> environments/demo.yaml:3:13
      3 |   scrape: { intervall: 1s, interval: 1 }
        |             ^^^^^^^^^ known keys: grade, needs, port, ref, severity, statement, timeout

      error: "interval" must be a duration such as 15s, not 1 (config/wrong-type)
        --> environments/demo.yaml:3:38
      3 |   scrape: { intervall: 1s, interval: 1 }
        |                                      ^

      2 errors
    `);
  });

  test('a list of items instead of a map', async () => {
    expect(await refusal(environment('items: [{ id: scrape, interval: 1s }]\n'), { environment: 'demo' })).toContain(
      '"items" must be a map of item ids, each with the keys that change, not a list (config/wrong-type)',
    );
  });

  test('a name that is not that of its file, a key that no environment has, and an item renamed', async () => {
    const files = { 'gate.yaml': good, 'environments/demo.yaml': 'environment: live\nchecks: []\nitems: { scrape: { id: other } }\n' };
    const shown = await refusal(files, { environment: 'demo' });
    expect(shown.match(/^error: .*/gm)).toEqual([
      'error: "environment" must be "demo", the name of this file, not "live" (config/bad-value)',
      'error: unknown key "checks" (config/unknown-key)',
      'error: an environment cannot rename an item (config/unknown-key)',
    ]);
  });
});

test('all faults of all files are told at once, in the order of files and lines', async () => {
  const files = {
    'gate.yaml': `gat: sample
title: ''
policy: { maxAge: 24 }
checks: [a.yaml, b.yaml]
stack: { alertmanger: { url: 'http://localhost:9093' } }
items:
  - { id: a, proof: scrape, job: app, interval: 1s, grade: delivered }
  - { id: a, proof: scrap }
`,
    'a.yaml': 'check: a\nprobe: http\nurl: /health\nheaders: { x: 1 }\n',
    'b.yaml': 'check: b\n\tprobe: http\n',
    'environments/demo.yaml': 'environment: demo\nitems: { b: { interval: 1s } }\n',
  };
  const shown = await refusal(files, { environment: 'demo' });
  const lines = shown.split('\n').filter((line) => line.startsWith('error:') || line.startsWith('  -->') || line.endsWith('errors'));
  expect(lines).toEqual([
    'error: unknown key "gat" (config/unknown-key)',
    '  --> gate.yaml:1:1',
    'error: "title" must not be empty (config/bad-value)',
    '  --> gate.yaml:2:8',
    'error: "maxAge" must be a duration such as 15s, not 24 (config/wrong-type)',
    '  --> gate.yaml:3:19',
    'error: unknown key "alertmanger" (config/unknown-key)',
    '  --> gate.yaml:5:10',
    'error: "grade" of the proof "scrape" must be declared, configured, up or on-time, not "delivered" (config/bad-value)',
    '  --> gate.yaml:7:60',
    'error: the id "a" is given twice (config/duplicate-id)',
    '  --> gate.yaml:8:11',
    'error: unknown proof "scrap" (config/unknown-kind)',
    '  --> gate.yaml:8:21',
    'error: there is no item "b" to change (config/unknown-reference)',
    '  --> environments/demo.yaml:2:10',
    'error: "url" must be a URL such as http://localhost:9090, not "/health" (config/bad-value)',
    '  --> a.yaml:3:6',
    'error: "x" must be text, not 1 (config/wrong-type)',
    '  --> a.yaml:4:15',
    'error: invalid YAML: tabs cannot be used to indent (config/invalid-yaml)',
    '  --> b.yaml:2:1',
    '11 errors',
  ]);
});
