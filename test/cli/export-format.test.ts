import { expect, it } from 'vitest';
import { exportCommand } from '../../src/cli/commands/export.ts';

it.each(['constructor', 'toString', '__proto__', 'xml'])('there is no format %s', async (format) => {
  const out = { write: () => true };
  const io = { stdout: out, stderr: out, cwd: import.meta.dirname, env: {}, now: () => new Date(0), color: false };
  await expect(exportCommand({ project: 'liveproof.yaml', from: '2100-01-01', format }, io)).rejects.toMatchObject({
    code: 'usage/bad-argument',
    message: `there is no format "${format}"`,
  });
});
