import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder, run, startTarget } from './project.ts';
import type { TempFolder } from '../sandbox/temp-folder.ts';

let target: Awaited<ReturnType<typeof startTarget>>;
let broken: Awaited<ReturnType<typeof startTarget>>;
let folder: TempFolder;

/** A pass, a failure with a runbook, and one that cannot be told: nobody receives heartbeats in a single run. */
beforeAll(async () => {
  target = await startTarget();
  broken = await startTarget(503);
  folder = await projectFolder({
    'liveproof.yaml': "name: shop\nheartbeats: { token: '${TOKEN}' }\nvariables: {}\n",
    'checks/home.yaml': `check: home\nstatement: The home page answers\nprobe: http\ntags: [smoke]\nsteps: [{ url: '${target.url}/' }]\n`,
    'checks/pay.yaml': `check: pay\nstatement: Paying works\nprobe: http\ntags: [smoke, money]\nseverity: critical\nrunbook: https://wiki.example/pay\nsteps: [{ url: '${broken.url}/' }]\n`,
    'checks/backup.yaml': 'check: backup\nprobe: heartbeat\nname: nightly\nexpectEvery: 1d\n',
  });
});
afterAll(async () => {
  await Promise.all([target.stop(), broken.stop(), folder[Symbol.asyncDispose]()]);
});

const env = { TOKEN: 'a-token-of-sixteen-letters' };
const check = async (...args: readonly string[]) => await run(folder.path, ['check', ...args], env);

/** Side by side they end in any order. */
function sorted(text: string): readonly string[] {
  return text.split('\n').toSorted();
}

describe('liveproof check', () => {
  it('says of each check how it ended and why, and exits with 1 when something failed', async () => {
    const { stdout, stderr, exitCode } = await check();
    expect(stderr).toBe('');
    expect(sorted(stdout)).toEqual(
      sorted(
        [
          '? backup  error  N  ',
          '    no daemon receives heartbeats here (`liveproof watch` receives them)',
          '✓ home    pass   N  The home page answers',
          '✗ pay     fail   N  Paying works',
          '    step 1 GET http://127.0.0.1:PORT/: status 503, expected 2xx',
          '    → https://wiki.example/pay',
          '',
          '1 failed, 1 could not be told, 1 passed  (N)',
        ].join('\n'),
      ),
    );
    expect(exitCode).toBe(1);
  });

  it('exits with 0 when all passed, and with 3 when nothing failed but something could not be told', async () => {
    expect(await check('home')).toMatchObject({ exitCode: 0 });
    expect(await check('home', 'backup')).toMatchObject({ exitCode: 3 });
  });

  it('chooses checks by their tags', async () => {
    expect((await check('--tag', 'money')).stdout).toContain('1 failed  (');
    expect((await check('--tag', 'money', '--tag', 'smoke')).stdout).toContain('1 failed, 1 passed  (');
    expect((await check('home', '--tag', 'smoke')).stdout).toContain('1 passed  (');
  });

  it.each([
    [['hom'], 'error: there is no check "hom" (usage/bad-argument)\n  did you mean "home"?'],
    [['nothing-like-it'], 'error: there is no check "nothing-like-it" (usage/bad-argument)\n  there are backup, home, pay'],
    [['--tag', 'smoky'], 'error: there is no tag "smoky" (usage/bad-argument)\n  did you mean "smoke"?'],
    [['backup', '--tag', 'smoke'], 'error: none of the checks backup carries the tag smoke (usage/bad-argument)'],
  ])('refuses %j with what there is, and runs nothing', async (args, stderr) => {
    const before = target.asked;
    expect(await check(...args)).toEqual({ stdout: '', stderr, exitCode: 2 });
    expect(target.asked).toBe(before);
  });

  it('refuses a project without checks, and a reporter that there is not', async () => {
    await using empty = await projectFolder({ 'liveproof.yaml': 'name: empty\n' });
    const { stderr, exitCode } = await run(empty.path, ['check']);
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/checks/) as string });
    expect(await check('--reporter', 'xml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('pretty, json, junit') as string,
    });
  });

  it('tells faults of the project with their lines', async () => {
    await using wrong = await projectFolder({ 'liveproof.yaml': 'name: shop\nplaec: here\n' });
    expect(await run(wrong.path, ['check'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean "place"?') as string,
    });
  });

  it('writes json for programs alone to standard output, and people read along on standard error', async () => {
    const { stdout, stderr, exitCode } = await check('--reporter', 'json', 'pay');
    expect(JSON.parse(stdout.replaceAll(': N', ': 0'))).toEqual({
      project: 'shop',
      place: 'local',
      status: 'fail',
      startedAt: 'TIME',
      finishedAt: 'TIME',
      tool: { name: 'liveproof', version: '0.1.0' },
      checks: [
        {
          name: 'pay',
          statement: 'Paying works',
          probe: 'http',
          tags: ['smoke', 'money'],
          severity: 'critical',
          runbook: 'https://wiki.example/pay',
          status: 'fail',
          reasons: ['step 1 GET http://127.0.0.1:PORT/: status 503, expected 2xx'],
          startedAt: 'TIME',
          durationMs: 0,
          attempts: 1,
          evidence: [],
          file: 'checks/pay.yaml',
          line: 1,
        },
      ],
    });
    expect(stderr).toContain('✗ pay  fail   N  Paying works');
    expect(exitCode).toBe(1);
  });

  it('writes JUnit XML: a failure for what is wrong, an error for what could not be told', async () => {
    expect((await check('--reporter', 'junit')).stdout).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="liveproof" tests="3" failures="1" errors="1" skipped="0" time="N">
  <testsuite name="shop" tests="3" failures="1" errors="1" skipped="0" time="N" timestamp="TIME">
    <properties>
      <property name="place" value="local"/>
    </properties>
    <testcase classname="shop.heartbeat" name="backup" time="N">
      <error type="error" message="no daemon receives heartbeats here (\`liveproof watch\` receives them)">no daemon receives heartbeats here (\`liveproof watch\` receives them)</error>
      <system-out/>
    </testcase>
    <testcase classname="shop.http" name="home: The home page answers" time="N">
      <system-out/>
    </testcase>
    <testcase classname="shop.http" name="pay: Paying works" time="N">
      <failure type="fail" message="step 1 GET http://127.0.0.1:PORT/: status 503, expected 2xx">step 1 GET http://127.0.0.1:PORT/: status 503, expected 2xx</failure>
      <system-out>runbook: https://wiki.example/pay</system-out>
    </testcase>
  </testsuite>
</testsuites>`,
    );
  });

  it('writes CTRF, in which what could not be told fails too', async () => {
    const { results } = JSON.parse((await check('--reporter', 'ctrf')).stdout.replaceAll(': N', ': 0')) as {
      results: { summary: object; tests: { name: string; status: string; rawStatus: string; filePath: string }[] };
    };
    expect(results.summary).toMatchObject({ tests: 3, passed: 1, failed: 2, skipped: 0 });
    expect(results.tests.map(({ name, status, rawStatus, filePath }) => [name, status, rawStatus, filePath])).toEqual([
      ['backup', 'failed', 'error', 'checks/backup.yaml'],
      ['home: The home page answers', 'passed', 'pass', 'checks/home.yaml'],
      ['pay: Paying works', 'failed', 'fail', 'checks/pay.yaml'],
    ]);
  });

  it('writes annotations of GitHub that point at the line of each check that did not pass', async () => {
    expect((await check('--reporter', 'github')).stdout).toBe(
      [
        '::error file=checks/pay.yaml,line=1,title=pay%3A failed::Paying works: step 1 GET http://127.0.0.1:PORT/: status 503, expected 2xx → https://wiki.example/pay',
        '::warning file=checks/backup.yaml,line=1,title=backup%3A could not be told::no daemon receives heartbeats here (`liveproof watch` receives them)',
      ].join('\n'),
    );
  });

  it('writes the report to a file, and then people read along on standard output', async () => {
    const { stdout, stderr, exitCode } = await check('--reporter', 'junit', '--output', 'out/junit.xml', 'home');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('1 passed  (');
    await expect(run(folder.path, ['check', 'home', '--output', 'checks'], env)).resolves.toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the report was not written to checks') as string,
    });
  });
});
