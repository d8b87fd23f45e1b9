import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { holdMark, markPattern, stateOfMark } from '../../src/base/process-mark.ts';

it('tells a run in this process from one that is over', () => {
  const { mark, release } = holdMark();
  const other = holdMark();
  expect(mark).toMatch(new RegExp(`^${markPattern}$`));
  expect([stateOfMark(mark), stateOfMark(other.mark)]).toEqual(['alive', 'alive']);
  release();
  expect([stateOfMark(mark), stateOfMark(other.mark)]).toEqual(['dead', 'alive']);
  other.release();
});

it('takes what another thread of this process holds for alive', () => {
  const { mark, release } = holdMark();
  release();
  const [pid, began, thread, ...rest] = mark.split('-');
  expect(stateOfMark([pid, began, `${thread ?? ''}1`, ...rest].join('-'))).toBe('alive');
});

it('tells a process that runs from one that has ended, and from another with the same id', async () => {
  const source = `import { holdMark } from '${new URL('../../src/base/process-mark.ts', import.meta.url).href}'; console.log(holdMark().mark); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const mark = chunk.toString().trim();
    const [pid = '', began = '', ...rest] = mark.split('-');
    expect(stateOfMark(mark)).toBe('alive');
    expect(stateOfMark([pid, String(Number(began) - 1), ...rest].join('-'))).toBe('dead');
    child.kill('SIGKILL');
    await exited;
    expect(stateOfMark(mark)).toBe('dead');
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
});

it('says nothing about processes of other machines and containers', () => {
  const { mark, release } = holdMark();
  const [pid, began, thread, , random] = mark.split('-');
  expect(stateOfMark([pid, began, thread, '00000000', random].join('-'))).toBe('elsewhere');
  expect(stateOfMark('nonsense')).toBe('elsewhere');
  release();
});
