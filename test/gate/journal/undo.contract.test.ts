import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, test } from 'vitest';
import { makeUndo } from '../../../src/gate/journal/undo.ts';

let listed = '';
const statuses = new Map<string, number>();
const asked: string[] = [];
const server = createServer((request, response) => {
  const { method = '', url = '' } = request;
  if (method === 'DELETE') asked.push(url);
  response.writeHead(statuses.get(url) ?? 200).end(method === 'GET' ? listed : '');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
const endSilences = {
  mentioning: 'lp1',
  list: { method: 'GET', url: `${url}/silences` },
  end: { method: 'DELETE', url: `${url}/silence/{id}` },
};
const silence = (id: string, comment: string, state = 'active') => ({ id, comment, state, createdBy: 'x', endsAt: '', status: { state } });

afterEach(() => {
  asked.length = 0;
  statuses.clear();
});

it('ends the silences that mention the nonce, and nobody else’s', async () => {
  listed = JSON.stringify([
    silence('a/1', 'made for (lp1)'),
    silence('b', 'maintenance'),
    silence('c', '(lp1)', 'expired'),
    silence('d', '(lp1)', 'pending'),
  ]);
  expect(await makeUndo(endSilences)).toEqual({ undone: true });
  expect(asked).toEqual(['/silence/a%2F1', '/silence/d']);
});

it('has nothing to do for a silence that was never made', async () => {
  listed = '[]';
  expect(await makeUndo(endSilences)).toEqual({ undone: true });
  expect(asked).toEqual([]);
});

test.each([
  ['the list is refused', '/silences', '[]', 'HTTP 500'],
  ['an end is refused', '/silence/a', JSON.stringify([silence('a', 'lp1'), silence('b', 'lp1')]), 'HTTP 500'],
  ['the list is nonsense', '/nowhere', '<html>', 'the list of silences cannot be read'],
])('says that it is not undone when %s', async (_, refused, list, because) => {
  statuses.set(refused, 500);
  listed = list;
  expect(await makeUndo(endSilences)).toMatchObject({ undone: false, because });
});

it('says why when nobody answers', async () => {
  const outcome = await makeUndo({ method: 'DELETE', url: 'http://127.0.0.1:9/x' });
  expect(outcome).toMatchObject({ undone: false, notThere: false, because: expect.stringContaining('got no answer') });
});
