import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { isAlive, kill, processTree } from '../sandbox/process-tree.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const root = path.join(import.meta.dirname, '../..');
const secrets = ['IMAP_PASSWORD', 'SLACK_TOKEN', 'PAGERDUTY_TOKEN', 'PAGERDUTY_ROUTING_KEY', 'TWILIO_TOKEN', 'DEAD_MAN_KEY'];
const env = {
  ...Object.fromEntries(secrets.map((name) => [name, 'not-asked'])),
  TWILIO_ACCOUNT: `AC${'0'.repeat(32)}`,
  DEAD_MAN_CHECK: '0b8e2a53-1111-4222-8333-444455556666',
};

// A pipeline that is cancelled ends npm. A shell between the two would die alone, and leave a gate with its faults behind.
it('ends with the npm that it was started by', async () => {
  const args = ['run', '--silent', 'liveproof', '--', 'boards', 'gates/accubooks/gate.yaml', '--listen', '127.0.0.1:0'];
  const npm = execa('npm', args, { cwd: root, env, reject: false });
  let shown = '';
  npm.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await waitUntil('the boards are served', () => shown.includes('Stop with Ctrl-C'), { withinMs: 60_000 });
  const tree = processTree(npm.pid ?? 0);
  try {
    expect(tree.length).toBeGreaterThan(1);
    npm.kill('SIGTERM');
    await waitUntil('all of it has ended', () => !tree.some(isAlive), { withinMs: 20_000 });
  } finally {
    for (const pid of tree) kill(pid);
  }
});
