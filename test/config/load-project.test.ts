import { describe, expect, it } from 'vitest';
import { showFaults } from '../../src/cli/show-fault.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { filesFrom, kinds } from './sample.ts';

const health = 'check: health\nprobe: http\nurl: ${APP_URL}/health\n';

function load(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  return loadProject({ file: 'liveproof.yaml', env, probes: kinds.probes, files: filesFrom(files) });
}

async function accepted(files: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>) {
  const loaded = await load(files, env);
  if (!loaded.ok) throw new Error(showFaults(loaded.faults, { color: false, width: 100 }));
  return loaded;
}

async function refusal(files: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): Promise<string> {
  const loaded = await load(files, env);
  return loaded.ok ? 'loaded without a fault' : showFaults(loaded.faults, { color: false, width: 100 });
}

describe('a project', () => {
  it('that says only its name runs what stands in checks, with terms that suit most', async () => {
    const { project, sources, placeOfCheck } = await accepted({
      'liveproof.yaml': 'name: shop\nvariables: { APP_URL: "http://localhost:3000" }\n',
      'checks/deep/health.yaml': health,
      'checks/notes.txt': 'not a check',
    });
    expect(project).toMatchObject({
      name: 'shop',
      place: 'local',
      store: { retention: { detailedMs: 7_776_000_000, rolledUpMs: 31_536_000_000 } },
      listen: { host: '127.0.0.1', port: 9464 },
      limits: { checks: 16, heavy: 2 },
      references: [],
      maintenance: [],
    });
    expect(project.otlp).toBeUndefined();
    expect(project.store.path).toBe(`${process.cwd()}/.liveproof/results.sqlite`);
    expect(project.checks).toEqual([
      {
        name: 'health',
        ref: [],
        statement: 'health',
        probe: 'http',
        timeoutMs: 30_000,
        options: { url: 'http://localhost:3000/health' },
        assertions: [],
        schedule: { type: 'on-demand' },
        retries: { times: 0, afterMs: 0, on: [] },
        thresholds: { failAfter: 1, recoverAfter: 1 },
        tags: [],
        places: [],
        maintenance: [],
      },
    ]);
    expect(sources.map(({ role, path }) => `${role} ${path}`)).toEqual(['project liveproof.yaml', 'check checks/deep/health.yaml']);
    expect(placeOfCheck('health')).toMatchObject({ file: 'checks/deep/health.yaml', line: 1, column: 8 });
    expect(placeOfCheck('other')).toBeUndefined();
  });

  it('and its checks may say everything', async () => {
    const { project, secrets } = await accepted(
      {
        'liveproof.yaml': `name: shop
place: fra-1
checks: [all/*.yaml]
store: { path: /var/lib/shop.sqlite, retention: { detailed: 30d, rolledUp: 2y } }
listen: '[::1]:9000'
limits: { checks: 20, heavy: 1 }
references: ['[2001:db8::1]:443', 'dns.example:53']
otlp: { endpoint: 'http://otel:4318/', headers: { x-key: '\${KEY}' }, every: 15s }
maintenance:
  - { because: a move, from: 2026-03-01T22:00:00Z, to: 2026-03-02T02:00:00+01:00 }
`,
        'all/a.yaml': `check: a
statement: A works
probe: http
url: http://localhost
interval: 30s
timeout: 5s
assert:
  - total < 500ms
  - status is 200
retries: { times: 2, after: 3s, on: [error] }
failAfter: 3
recoverAfter: 2
tags: [shop, critical]
severity: P1
places: [fra-1, iad-1]
runbook: https://runbooks.example/a
maintenance:
  - { because: backups, cron: '0 3 * * *', timeZone: Europe/Berlin, lasts: 20m }
`,
      },
      { KEY: 'k3y-for-metrics' },
    );
    expect(project).toMatchObject({
      place: 'fra-1',
      store: { path: '/var/lib/shop.sqlite', retention: { detailedMs: 2_592_000_000, rolledUpMs: 63_072_000_000 } },
      listen: { host: '::1', port: 9000 },
      limits: { checks: 20, heavy: 1 },
      references: ['[2001:db8::1]:443', 'dns.example:53'],
      otlp: { endpoint: 'http://otel:4318', headers: { 'x-key': 'k3y-for-metrics' }, everyMs: 15_000 },
    });
    const move = { type: 'once', because: 'a move', fromMs: Date.UTC(2026, 2, 1, 22), toMs: Date.UTC(2026, 2, 2, 1) };
    const backups = { type: 'again', because: 'backups', expression: '0 3 * * *', timeZone: 'Europe/Berlin', lastsMs: 1_200_000 };
    expect(project.maintenance).toEqual([move]);
    expect(project.checks).toEqual([
      expect.objectContaining({
        name: 'a',
        statement: 'A works',
        timeoutMs: 5_000,
        assertions: [
          { text: 'total < 500ms', subject: 'total', comparison: '<', wanted: 500, unit: 'ms' },
          { text: 'status is 200', subject: 'status', comparison: 'is', wanted: 200 },
        ],
        schedule: { type: 'every', everyMs: 30_000 },
        retries: { times: 2, afterMs: 3_000, on: ['error'] },
        thresholds: { failAfter: 3, recoverAfter: 2 },
        tags: ['shop', 'critical'],
        severity: 'P1',
        places: ['fra-1', 'iad-1'],
        runbook: 'https://runbooks.example/a',
        maintenance: [move, backups],
      }),
    ]);
    expect(secrets).toContain('k3y-for-metrics');
  });

  it.each([
    ['30s', { type: 'every', everyMs: 30_000 }],
    ['continuous', { type: 'continuous', pauseMs: 0 }],
    ['{ pause: 5s }', { type: 'continuous', pauseMs: 5_000 }],
    ["'*/10 * * * * *'", { type: 'cron', expression: '*/10 * * * * *', timeZone: 'UTC' }],
    ["'@daily'", { type: 'cron', expression: '@daily', timeZone: 'UTC' }],
    ["{ cron: '0 9 * * 1-5', timeZone: America/New_York }", { type: 'cron', expression: '0 9 * * 1-5', timeZone: 'America/New_York' }],
    [
      '{ phases: [{ for: 1h, interval: 30s }, { interval: 5m }] }',
      {
        type: 'phases',
        since: 'start',
        phases: [{ forMs: 3_600_000, schedule: { type: 'every', everyMs: 30_000 } }, { schedule: { type: 'every', everyMs: 300_000 } }],
      },
    ],
  ])('reads the interval %s', async (interval, schedule) => {
    const { project } = await accepted({
      'liveproof.yaml': 'name: shop\n',
      'checks/a.yaml': `check: a\nprobe: http\nurl: http://a\ninterval: ${interval}\n`,
    });
    expect(project.checks.map((check) => check.schedule)).toEqual([schedule]);
  });

  it.each(['0s', '0ms'])('has no check whose time is up before it begins: timeout %s', async (timeout) => {
    expect(
      await refusal({ 'liveproof.yaml': 'name: shop\n', 'checks/a.yaml': `check: a\nprobe: http\nurl: http://a\ntimeout: ${timeout}\n` }),
    ).toContain('"timeout": must be longer than nothing (config/bad-value)\n  --> checks/a.yaml:4:10');
  });

  it('names references by host and port', async () => {
    expect(
      await refusal({
        'liveproof.yaml': "name: shop\nreferences: ['https://example.com/']\n",
        'checks/a.yaml': 'check: a\nprobe: http\nurl: http://a\n',
      }),
    ).toContain('"references[0]": is not a host and a port: write 192.0.2.1:443 (config/bad-value)\n  --> liveproof.yaml:2:14');
  });

  it('tells everything that is wrong with it and its checks at once, each at its place', async () => {
    expect(
      await refusal({
        'liveproof.yaml': `name: shop
check: [all/*.yaml, none.yaml]
listen: 9464
limits: { heavy: 0 }
store: { retention: { detailed: 90d, rolledUp: 30d } }
maintenance: [{ because: a move, from: 2026-03-02T00:00:00Z, to: 2026-03-01T00:00:00Z }]
`,
        'checks/a.yaml': `check: a
probe: http
url: http://a
intervall: 30s
assert:
  - status == 200
  - total < 500
  - "total < 500msec"
  - body matches /(/
  - json user.tier is very pro
failAfter: 0
retries: { on: [timeout] }
tags: [a tag]
`,
        'checks/b.yaml': `check: a
probe: http
url: http://a
interval: 1 minute
maintenance: [{ because: x, cron: '61 * * * *', timeZone: Mars, lasts: 1h }]
`,
        'checks/c.yaml': 'check: c\nprobe: http\nurl: http://a\ninterval: { phases: [{ interval: 30s }, { interval: 10ms }] }\n',
      }),
    ).toMatchInlineSnapshot(`
      "error: unknown key "check" (config/unknown-key)
        --> liveproof.yaml:2:1
      2 | check: [all/*.yaml, none.yaml]
        | ^^^^^ did you mean "checks"?

      error: "listen" must be text, not 9464 (config/wrong-type)
        --> liveproof.yaml:3:9
      3 | listen: 9464
        |         ^^^^ put it in quotes: '9464'

      error: "heavy" must be at least 1, not 0 (config/bad-value)
        --> liveproof.yaml:4:18
      4 | limits: { heavy: 0 }
        |                  ^

      error: "rolledUp": must be at least as long as "detailed" (config/bad-value)
        --> liveproof.yaml:5:48
      5 | store: { retention: { detailed: 90d, rolledUp: 30d } }
        |                                                ^^^

      error: "to": a window ends after it begins (config/bad-value)
        --> liveproof.yaml:6:66
      6 | …2026-03-02T00:00:00Z, to: 2026-03-01T00:00:00Z }]
        |                            ^^^^^^^^^^^^^^^^^^^^

      error: unknown key "intervall" (config/unknown-key)
        --> checks/a.yaml:4:1
      4 | intervall: 30s
        | ^^^^^^^^^ did you mean "interval"?

      error: "assert[0]": "==" is no comparison (config/bad-value)
        --> checks/a.yaml:6:12
      6 |   - status == 200
        |            ^^ did you mean "is"?

      error: "assert[2]": "500msec" is not a number, a time, a size or a share (config/bad-value)
        --> checks/a.yaml:8:14
      8 |   - "total < 500msec"
        |              ^^^^^^^ did you mean 500ms?

      error: "assert[3]": not a regular expression: Unterminated group (config/bad-value)
        --> checks/a.yaml:9:18
      9 |   - body matches /(/
        |                  ^^^

      error: "assert[4]": text with spaces stands in quotes (config/bad-value)
        --> checks/a.yaml:10:23
      10 |   - json user.tier is very pro
         |                       ^^^^^^^^ write: is "very pro"

      error: "failAfter" must be at least 1, not 0 (config/bad-value)
        --> checks/a.yaml:11:12
      11 | failAfter: 0
         |            ^

      error: "on[0]" must be "fail" or "error", not "timeout" (config/bad-value)
        --> checks/a.yaml:12:17
      12 | retries: { on: [timeout] }
         |                 ^^^^^^^

      error: "tags[0]" must be a name of letters, digits, "-" and "_", not "a tag" (config/bad-value)
        --> checks/a.yaml:13:8
      13 | tags: [a tag]
         |        ^^^^^

      error: the check "a" is given twice (config/duplicate-id)
        --> checks/b.yaml:1:8
      1 | check: a
        |        ^ the other one is at checks/a.yaml:1:8

      error: "interval": "1 minute" is none of: 30s, a cron expression, continuous (config/bad-value)
        --> checks/b.yaml:4:11
      4 | interval: 1 minute
        |           ^^^^^^^^

      error: "cron": "61 * * * *" is no cron expression: Invalid value for minute: 61 (config/bad-value)
        --> checks/b.yaml:5:35
      5 | maintenance: [{ because: x, cron: '61 * * * *', timeZone: Mars, lasts: 1h }]
        |                                   ^^^^^^^^^^^^

      error: "timeZone": "Mars" is no time zone (config/bad-value)
        --> checks/b.yaml:5:59
      5 | maintenance: [{ because: x, cron: '61 * * * *', timeZone: Mars, lasts: 1h }]
        |                                                           ^^^^
          write one of the IANA database, such as Europe/Berlin

      error: "interval": must be at least 100ms, not "10ms" (config/bad-value)
        --> checks/c.yaml:4:53
      4 | interval: { phases: [{ interval: 30s }, { interval: 10ms }] }
        |                                                     ^^^^

      18 errors"
    `);
  });

  it('finds checks that end in .yml as those that end in .yaml', async () => {
    const { project, placeOfCheck } = await accepted({
      'liveproof.yaml': 'name: shop\n',
      'checks/a.yaml': 'check: a\nprobe: http\nurl: http://a\n',
      'checks/deep/b.yml': 'check: b\nprobe: http\nurl: http://b\n',
    });
    expect(project.checks.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(placeOfCheck('b')).toMatchObject({ file: 'checks/deep/b.yml', line: 1, column: 8 });
  });

  it('tells of files that are named as checks are and end in something else; others beside checks are nobody’s business', async () => {
    const files = {
      'checks/a.yaml': 'check: a\nprobe: http\nurl: http://a\n',
      'checks/b.check.json': '{ "check": "b", "probe": "http", "url": "http://b" }',
      'checks/deep/c.check.mjs': 'export default {};\n',
      'checks/answer.schema.json': '{}',
      'checks/a.spec.ts': '',
    };
    expect(await refusal({ 'liveproof.yaml': 'name: shop\n', ...files })).toMatchInlineSnapshot(`
      "error: checks/b.check.json is named as a check is, and would not be loaded (config/bad-value)
        --> liveproof.yaml:1:1
      1 | name: shop
        | ^^^^^^^^^^ let it end in .yaml, .yml or .check.ts, or name the files to load under "checks"

      error: checks/deep/c.check.mjs is named as a check is, and would not be loaded (config/bad-value)
        --> liveproof.yaml:1:1
      1 | name: shop
        | ^^^^^^^^^^ let it end in .yaml, .yml or .check.ts, or name the files to load under "checks"

      2 errors"
    `);
    const { project } = await accepted({ 'liveproof.yaml': 'name: shop\nchecks: [checks/a.yaml, checks/b.check.json]\n', ...files });
    expect(project.checks.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('without any check is refused, and so is a pattern that matches nothing', async () => {
    expect(await refusal({ 'liveproof.yaml': 'name: shop\n' })).toMatchInlineSnapshot(`
      "error: no file matches checks/**/*.yaml or checks/**/*.yml or checks/**/*.check.ts (config/not-found)
        --> liveproof.yaml:1:1
      1 | name: shop
        | ^^^^^^^^^^ put check files there, or name them under "checks""
    `);
    expect(await refusal({ 'liveproof.yaml': 'name: shop\nchecks: [all/*.yaml, one.yaml]\n' })).toMatchInlineSnapshot(`
      "error: no file matches "all/*.yaml" (config/not-found)
        --> liveproof.yaml:2:10
      2 | checks: [all/*.yaml, one.yaml]
        |          ^^^^^^^^^^

      error: one.yaml does not exist (config/not-found)
        --> liveproof.yaml:2:22
      2 | checks: [all/*.yaml, one.yaml]
        |                      ^^^^^^^^ in . there are: liveproof.yaml

      2 errors"
    `);
    expect(await refusal({})).toMatchInlineSnapshot(`
      "error: liveproof.yaml does not exist (config/not-found)
        there is no folder ."
    `);
  });

  it('shows no secret in a fault, also not one that a variable brought into an assertion', async () => {
    const files = {
      'liveproof.yaml': 'name: shop\n',
      'checks/a.yaml': 'check: a\nprobe: http\nurl: http://a\nassert: ["json token is ${API_TOKEN} and more"]\n',
    };
    const shown = await refusal(files, { API_TOKEN: 's3cret-t0ken' });
    expect(shown).toContain('text with spaces stands in quotes');
    expect(shown).not.toContain('s3cret');
  });
});
