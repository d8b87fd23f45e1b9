import { expect, it } from 'vitest';
import { isPagingAddress } from '../../src/alert/paging-address.ts';

it.each([
  ['launch@accubooks.pagerduty.com', true],
  ['Launch@AccuBooks.PagerDuty.com', true],
  ['team@opsgenie.net', true],
  ['oncall@accubooks.test', false],
  ['pagerduty.com@accubooks.test', false],
  ['ada@notpagerduty.com', false],
  ['pagerduty.com', false],
])('mail to %s wakes people: %s', (address, wakes) => {
  expect(isPagingAddress(address)).toBe(wakes);
});
