import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const io = path.join(import.meta.dirname, '../../src/cli/io.ts');

it('the terminal shows no secret that it was told of, whoever writes it', async () => {
  const script = `import { processIo } from ${JSON.stringify(io)};
    const { stdout, stderr, hide } = processIo();
    hide(['a-secret-word']);
    stdout.write('says a-secret-word\\n');
    stderr.write('Error: a%2Dsecret%2Dword\\n    at somewhere\\n');`;
  const shown = await execa(process.execPath, ['--input-type=module', '-e', script]);
  expect([shown.stdout, shown.stderr]).toEqual(['says [redacted]', 'Error: [redacted]\n    at somewhere']);
});
