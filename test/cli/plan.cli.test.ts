import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

const gate = `
gate: shop
title: The shop, before it opens
variables: { TOKEN: twilio-token-of-the-shop }
stack:
  prometheus: { url: 'http://127.0.0.1:1' }
  alertmanager: { url: 'http://127.0.0.1:1' }
channels:
  room: { kind: slack, token: xoxb-secret-of-the-shop, channel: C0SHOP }
  phone:
    kind: sms
    accountSid: AC0123456789abcdef0123456789abcdef
    authToken: '\${TOKEN}'
    from: '+15550001111'
    to: '+15552223333'
items:
  - { id: room, statement: Messages stand in Slack, proof: channel, channel: room }
  - { id: text, statement: Text messages reach the phone of whoever is on call, proof: channel, channel: phone, times: 2 }
  - { id: errors, statement: Errors are told, proof: alert, rule: HighErrorRate, needs: [room], receivers: [ops], channels: [room] }
`;

async function plan(...args: readonly string[]) {
  await using folder = await createTempFolder('plan');
  await writeFile(join(folder.path, 'gate.yaml'), gate);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, 'gate', 'gate.yaml', '--plan', ...args], {
    cwd: folder.path,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

test('a plan names who would be woken first, then who is told, what is touched and what could not be told; exit 3', async () => {
  const { exitCode, stdout, stderr } = await plan();
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(stdout).toBe(`The shop, before it opens
3 items, environment default. Only a plan: nothing was sent or changed.

Would wake, with --allow-paging:
  whoever answers +15552223333
    by phone (+15552223333)
      text

Would tell, without waking anybody
  room (Slack channel C0SHOP)
    room

Would touch
  room: Messages stand in Slack
    test message: a test message is sent on room
  text: Text messages reach the phone of whoever is on call
    test message: 2 test messages are sent on phone

Could not be told
  errors: Prometheus at http://127.0.0.1:1 cannot be reached: connect
  ECONNREFUSED 127.0.0.1:1`);
});

test('--only plans those items with what they rest on, and exits 0 when all of it could be told', async () => {
  const { exitCode, stdout } = await plan('--only', 'text', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    gate: 'shop',
    items: [
      {
        id: 'text',
        touches: [{ does: 'test-message', ways: [{ channels: ['phone'], people: ['whoever answers +15552223333'] }] }],
        untold: [],
      },
    ],
    wakes: [{ who: 'whoever answers +15552223333', by: [{ way: 'phone', items: ['text'], perhaps: [] }] }],
    tells: [],
    heldBack: [],
  });
  expect(stdout).not.toMatch(/of-the-shop/);
  const unheard = await plan('--only', 'nothing-of-this-name');
  expect(unheard.exitCode).toBe(2);
});

test('no line of a plan for a terminal of 80 columns is longer, unless a single word is', async () => {
  const { stdout } = await plan();
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
