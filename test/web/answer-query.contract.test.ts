import { expect, it } from 'vitest';
import { board } from '../../src/board/board.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { answerQuery } from '../../src/web/answer-query.ts';
import { serveHttp, serveSilence } from '../probes/loopback.ts';

const boardOf = (name: string, show: string) =>
  board.parse({
    board: name,
    title: name,
    refresh: '10s',
    access: 'public',
    panels: [{ panel: 'p', title: 'P', show, queries: [{ query: 'a' }] }],
  });
const now = new Date('2026-03-01T09:00:00Z');

it('answers a query that stands on two panels for now or over time, as it is asked', async () => {
  const asked: string[] = [];
  await using server = await serveHttp(({ url = '' }, response) => {
    asked.push(new URL(url, 'http://x').pathname);
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }));
  });
  const boards = [boardOf('stat', 'stat'), boardOf('lines', 'lines')];
  const prometheus = connectPrometheus({ name: 'Prometheus', url: server.url });
  const signal = AbortSignal.timeout(10_000);
  await answerQuery({ refId: 'A', expr: 'a', range: true }, boards, prometheus, now, signal);
  await answerQuery({ refId: 'A', expr: 'a' }, boards, prometheus, now, signal);
  expect(asked).toEqual(['/api/v1/query_range', '/api/v1/query']);
});

it('says so when Prometheus takes the question and never answers', async () => {
  await using server = await serveSilence();
  const prometheus = connectPrometheus({ name: 'Prometheus', url: server.url });
  const answer = await answerQuery({ refId: 'A', expr: 'a' }, [boardOf('stat', 'stat')], prometheus, now, AbortSignal.timeout(100));
  expect(answer).toEqual({ status: 504, error: `${server.url} gave no answer in time`, frames: [] });
});

it('keeps the login in the address of Prometheus to itself, also when it says that there is no answer', async () => {
  await using server = await serveSilence();
  const prometheus = connectPrometheus({ name: 'Prometheus', url: server.url.replace('://', '://me:open-sesame@') });
  const answer = await answerQuery({ refId: 'A', expr: 'a' }, [boardOf('stat', 'stat')], prometheus, now, AbortSignal.timeout(100));
  expect(JSON.stringify(answer)).toContain('gave no answer in time');
  expect(JSON.stringify(answer)).not.toContain('open-sesame');
});
