import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import dataset from '../../src/probes/dataset.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { freePort, serveHttp, serveSilence, type Loopback } from './loopback.ts';
import { runProbe } from './run-probe.ts';

interface Mail {
  readonly text: string;
  readonly label: 'spam' | 'mail';
}

const mails = (spam: number, mail: number): Mail[] => [
  ...Array.from({ length: spam }, (_, index) => ({ text: `buy number ${String(index)}`, label: 'spam' as const })),
  ...Array.from({ length: mail }, (_, index) => ({ text: `see you at ${String(index)}`, label: 'mail' as const })),
];

/** A real small classifier by words, wrong about the texts that end in one of these numbers; it cannot answer those that end in others. */
function serveClassifier({ wrongAbout = [] as number[], brokenFor = [] as number[] } = {}): Promise<Loopback> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { text } = (await json(request)) as Mail;
    const number = Number(/\d+$/.exec(text)?.[0]);
    if (brokenFor.includes(number)) return void response.writeHead(503).end();
    const isSpam = text.startsWith('buy') !== wrongAbout.includes(number);
    response.end(JSON.stringify({ label: isSpam ? 'spam' : 'mail', score: isSpam ? 0.9 : 0.2, at: { most: 1 } }));
  };
  return serveHttp((request, response) => void answer(request, response));
}

async function run(url: string, cases: readonly object[] | string, more: object = {}, timeoutMs = 20_000) {
  await using folder = await createTempFolder('dataset');
  const isCsv = typeof cases === 'string';
  const file = path.join(folder.path, isCsv ? 'cases.csv' : 'cases.jsonl');
  await writeFile(file, isCsv ? cases : cases.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const options = {
    file,
    label: 'label',
    positive: 'spam',
    request: { url, json: { text: '{{text}}' } },
    answer: { path: 'label' },
    expect: { accuracy: { atLeast: 0.8 } },
    ...more,
  };
  const done = await runProbe(dataset, options, { timeoutMs });
  return { ...done, reasons: done.outcome.reasons.map((each) => each.replaceAll(folder.path, '')) };
}

const all = { accuracy: { atLeast: 0.8 }, precision: { atLeast: 0.8 }, recall: { atLeast: 0.8 }, falsePositiveRate: { atMost: 0.2 } };

describe('a bound', () => {
  it('holds when the whole interval is on its good side', async () => {
    await using server = await serveClassifier();
    const { outcome, readings, observation } = await run(server.url, mails(30, 30), { expect: all });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ cases: 60, answered: 1, accuracy: 1, precision: 1, recall: 1, 'false positive rate': 0 });
    expect(observation).toMatchObject({
      right: 60,
      positives: { positive: 30, negative: 0, untold: 0 },
      negatives: { positive: 0, negative: 30 },
    });
  });

  it('fails when the whole interval is on its bad side, with the figures and the first mistakes', async () => {
    await using server = await serveClassifier({ wrongAbout: Array.from({ length: 20 }, (_, index) => index) });
    const { outcome } = await run(server.url, mails(30, 30), { expect: all });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        'accuracy 0.333 (20 of 60; 95% interval 0.227 to 0.459), expected at least 0.8',
        'precision 0.333 (10 of 30; 95% interval 0.192 to 0.512), expected at least 0.8',
        'recall 0.333 (10 of 30; 95% interval 0.192 to 0.512), expected at least 0.8',
        'false positive rate 0.667 (20 of 30; 95% interval 0.488 to 0.808), expected at most 0.2',
        '40 wrong: line 1 is "spam", answered "mail"; line 2 is "spam", answered "mail"; line 3 is "spam", answered "mail"; …',
      ],
    });
  });

  it('is an error, and neither holds nor fails, when there are too few cases to tell', async () => {
    await using server = await serveClassifier({ wrongAbout: [0] });
    const { outcome } = await run(server.url, mails(10, 0), { expect: { recall: { atLeast: 0.8 } } });
    expect(outcome).toEqual({
      status: 'error',
      reasons: [
        'recall 0.900 (9 of 10; 95% interval 0.596 to 0.982), expected at least 0.8: too few cases to tell: at this share some 62 would tell',
        '1 wrong: line 1 is "spam", answered "mail"',
      ],
    });
    // The same share of more cases tells.
    const many = await run(server.url, Array.from({ length: 7 }, () => mails(10, 0)).flat(), { expect: { recall: { atLeast: 0.8 } } });
    expect(many.outcome.status).toBe('pass');
    const none = await run(server.url, mails(10, 0), { expect: { falsePositiveRate: { atMost: 0.1 } } });
    expect(none.outcome.reasons[0]).toBe('false positive rate cannot be told: no case counts for it, expected at most 0.1');
  });
});

describe('a case that is not answered', () => {
  it('counts for neither side: the interval reaches over what it could have been', async () => {
    await using server = await serveClassifier({ brokenFor: [3, 4, 5, 6, 7, 8] });
    const { outcome, observation } = await run(server.url, mails(30, 0), { expect: { recall: { atLeast: 0.8 } } });
    expect(observation).toMatchObject({ untold: 6, positives: { positive: 24, untold: 6 } });
    expect(outcome).toEqual({
      status: 'error',
      reasons: [
        'recall 1.000 (24 of 24; 95% interval 0.627 to 1.000), expected at least 0.8: too few cases to tell',
        '6 of 30 cases were not answered: 6 times status 503',
      ],
    });
    // What is told is enough to fail whatever the others would have been.
    await using bad = await serveClassifier({ brokenFor: [0], wrongAbout: Array.from({ length: 29 }, (_, index) => index + 1) });
    expect((await run(bad.url, mails(30, 0), { expect: { recall: { atLeast: 0.8 } } })).outcome.status).toBe('fail');
  });

  it('is said beside a pass', async () => {
    await using server = await serveClassifier({ brokenFor: [7] });
    const { outcome } = await run(server.url, mails(50, 0));
    expect(outcome).toEqual({ status: 'pass', reasons: ['1 of 50 cases were not answered: 1 times status 503'] });
  });

  it.each([
    ['nobody listens', { url: 'refused' }, /^4 of 4 cases were not answered: 4 times connection refused \(/],
    ['nobody answers', { url: 'silent' }, /^4 of 4 cases were not answered: 4 times timed out \(no whole answer within 2s\)$/],
    ['the answer holds no label', { answer: { path: 'kind' } }, /^4 of 4 cases were not answered: 4 times nothing at kind of the answer$/],
    ['the answer is no score', { answer: { path: 'label', positiveFrom: 0.5 } }, /^4 of 4 .*: 4 times no number at label of the answer$/],
  ])('is told with its cause: %s', async (_name, { url, ...more }: { url?: string; answer?: object }, reason) => {
    await using server = await serveClassifier();
    await using silent = await serveSilence();
    const address = url === 'refused' ? `http://127.0.0.1:${String(await freePort())}` : url === 'silent' ? silent.url : server.url;
    const { outcome } = await run(address, mails(2, 2), { requestTimeout: url === 'silent' ? '2s' : '30s', ...more });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toBe('accuracy cannot be told: no case counts for it, expected at least 0.8');
    expect(outcome.reasons[1]).toMatch(reason);
  });

  it('was not asked when the time of the check was up', async () => {
    await using silent = await serveSilence();
    const { outcome } = await run(silent.url, mails(10, 0), { concurrency: 2, requestTimeout: '1m' }, 5_000);
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[1]).toContain('8 times not asked before the time of the check was up');
  });
});

describe('cases', () => {
  it('are sent so many at a time', async () => {
    let now = 0;
    let most = 0;
    await using server = await serveHttp((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        response.end('{"label":"spam"}');
      });
    });
    await run(server.url, mails(40, 0), { concurrency: 3 });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('may be scored', async () => {
    await using server = await serveClassifier({ wrongAbout: [0] });
    const more = { answer: { path: 'score', positiveFrom: 0.5 }, expect: { recall: { atLeast: 0.7 } } };
    const { outcome, readings } = await run(server.url, mails(40, 20), more);
    expect(outcome.status).toBe('pass');
    expect(readings['recall']).toBe(39 / 40);
  });

  it('may come as CSV, and fill the address, the headers and the body', async () => {
    const got: unknown[] = [];
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      got.push([request.url, request.headers['x-case'], await json(request)]);
      response.end('{"label":"spam"}');
    };
    await using server = await serveHttp((request, response) => void answer(request, response));
    const request = {
      url: `${server.url}/{{id}}`,
      headers: { 'X-Case': 'no {{id}}' },
      json: { text: '{{text}}', both: '{{id}}:{{text}}' },
    };
    await run(server.url, 'id,text,label\r\na/1,"one, ""two""",spam\r\n', { request });
    expect(got).toEqual([['/a%2F1', 'no a/1', { text: 'one, "two"', both: 'a/1:one, "two"' }]]);
  });

  it.each([
    ['id,label\n1,spam\n2\n', '/cases.csv:3 has 1 fields, and the first line names 2'],
    ['id,label\n1,\n', '/cases.csv:2 has no label in "label"'],
    ['id,label\n', '/cases.csv holds no cases'],
    ['id,label\n"1"x,spam\n', 'line 2 is no CSV: "\\"1\\"x,spam\\n"'],
  ])('that cannot be read are an error: %j', async (text, reason) => {
    const { outcome, reasons } = await run('http://127.0.0.1:9', text);
    expect(outcome.status).toBe('error');
    expect(reasons).toEqual([reason]);
  });

  it('of a file that is not there are an error', async () => {
    const { outcome } = await run('http://127.0.0.1:9', [], { file: '/nowhere/cases.jsonl' });
    expect(outcome).toEqual({
      status: 'error',
      reasons: ["/nowhere/cases.jsonl cannot be read: ENOENT: no such file or directory, open '/nowhere/cases.jsonl'"],
    });
  });

  it('changed are something else that the outcome rests on', async () => {
    await using folder = await createTempFolder('dataset');
    const file = path.join(folder.path, 'cases.jsonl');
    const read = async (text: string) => {
      await writeFile(file, text);
      return dataset.restsOn?.({ file });
    };
    expect(await read('{"label":1}')).not.toEqual(await read('{"label":2}'));
  });
});

it('what needs a positive label asks for one', () => {
  const options = { file: 'a.csv', label: 'l', request: { url: 'http://x' }, answer: { path: 'l' }, expect: { recall: { atLeast: 1 } } };
  expect(dataset.options.safeParse(options).error?.issues.map(({ message }) => message)).toEqual(['say which label is the positive one']);
});
