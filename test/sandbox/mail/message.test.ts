import { expect, test } from 'vitest';
import { withBody, withSubject, withTrace } from './message.ts';

const message = [
  'From: a@accubooks.test',
  'Subject: [FIRING:1] HighErrorRate',
  ' (critical)',
  'Content-Type: multipart/alternative;',
  ' boundary=xyz',
  'To: b@accubooks.test',
  '',
  '--xyz',
  'Subject: this is text',
  '',
].join('\r\n');

test('a replaced subject takes its further lines with it and leaves the text alone', () => {
  const changed = withSubject(message, 'gone');
  expect(changed).toBe(message.replace('[FIRING:1] HighErrorRate\r\n (critical)', 'gone'));
});

test('a replaced text is plain, and keeps subject and addresses', () => {
  expect(withBody(message, 'gone')).toBe(
    [
      'From: a@accubooks.test',
      'Subject: [FIRING:1] HighErrorRate',
      ' (critical)',
      'To: b@accubooks.test',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'gone',
      '',
    ].join('\r\n'),
  );
});

test('the trace stands above the message', () => {
  const traced = withTrace(message, { from: 'a@accubooks.test', to: 'b@accubooks.test' });
  expect(traced.endsWith(`\r\n${message}`)).toBe(true);
  expect(traced).toMatch(/^Return-Path: <a@accubooks.test>\r\nDelivered-To: b@accubooks.test\r\nReceived: /);
});
