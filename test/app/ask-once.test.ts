import { expect, it } from 'vitest';
import { askOnce } from '../../src/app/ask-once.ts';

it('asks the same question only once, whoever asks, and gives a refusal to everybody too', async () => {
  const questions: string[] = [];
  const client = () => ({
    url: 'http://one',
    ask: (what: string, _signal: AbortSignal): Promise<string> => {
      questions.push(what);
      return what === 'no' ? Promise.reject(new Error('refused')) : Promise.resolve(`${what}!`);
    },
  });
  const asked = new Map<string, unknown>();
  const [one, other] = [askOnce(client(), asked, 'one'), askOnce(client(), asked, 'one')];
  const signal = (): AbortSignal => new AbortController().signal;
  expect([await one.ask('a', signal()), await other.ask('a', signal()), await one.ask('b', signal())]).toEqual(['a!', 'a!', 'b!']);
  await expect(one.ask('no', signal())).rejects.toThrow('refused');
  await expect(other.ask('no', signal())).rejects.toThrow('refused');
  expect(questions).toEqual(['a', 'b', 'no']);
  expect(await askOnce(client(), asked, 'two').ask('a', signal())).toBe('a!');
  expect(questions).toHaveLength(4);
  expect(one.url).toBe('http://one');
});
