import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openJournal, type EffectEvent } from '../../src/gate/journal.ts';

const asked: string[] = [];
let answer = 200;
const server = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  response.writeHead(answer).end();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

afterEach(() => {
  asked.length = 0;
  answer = 200;
});

function effect(path: string) {
  return { says: `effect ${path}`, expiresInMs: 60_000, undo: { method: 'DELETE', url: `${url}/${path}` } };
}

it('undoes what is left, newest first, and each only once', async () => {
  const journal = openJournal(() => undefined);
  await journal.make(effect('a'), () => Promise.resolve());
  const { undo } = await journal.make(effect('b'), () => Promise.resolve());
  await journal.make(effect('c'), () => Promise.resolve());
  await undo();
  await journal.undoAll();
  await journal.undoAll();
  expect(asked).toEqual(['DELETE /b', 'DELETE /c', 'DELETE /a']);
});

it('undoes an effect that failed half-way, because it may have happened', async () => {
  const journal = openJournal(() => undefined);
  await expect(journal.make(effect('a'), () => Promise.reject(new Error('connection reset')))).rejects.toThrow('connection reset');
  // At once: the run goes on without whoever made it.
  expect(asked).toEqual(['DELETE /a']);
  await journal.undoAll();
  expect(asked).toEqual(['DELETE /a']);
});

it('tries again at the end of the run what could not be undone before', async () => {
  const events: EffectEvent[] = [];
  const journal = openJournal((event) => events.push(event));
  const { undo } = await journal.make(effect('a'), () => Promise.resolve());
  answer = 503;
  await undo();
  answer = 200;
  await journal.undoAll();
  await journal.undoAll();
  expect(asked).toEqual(['DELETE /a', 'DELETE /a']);
  expect(events.map(({ type }) => type)).toEqual(['effect-made', 'effect-stuck', 'effect-undone']);
});

it('tells what could not be undone, why, and how long it lasts', async () => {
  const events: EffectEvent[] = [];
  const journal = openJournal((event) => events.push(event));
  await journal.make(effect('a'), () => Promise.resolve());
  answer = 500;
  await journal.undoAll();
  expect(events.at(-1)).toEqual({ type: 'effect-stuck', says: 'effect a', because: 'HTTP 500', expiresInMs: 60_000 });
});
