import { expect, it } from 'vitest';
import { oneLine } from '../../src/browser/one-line.ts';

it('keeps what was expected and received, without colours', () => {
  const message =
    '\u001b[2mexpect(\u001b[22mlocator\u001b[2m).\u001b[22mtoHaveText(expected) failed\n\nLocator:  getByRole("heading")\nExpected: "Welcome"\nReceived: "Go   away"\nTimeout:  300ms\n\nCall log:\n  - Expect "toHaveText"\n  - waiting for getByRole("heading")\n';
  expect(oneLine(new Error(message))).toBe(
    'expect(locator).toHaveText(expected) failed; Locator: getByRole("heading"); Expected: "Welcome"; Received: "Go away"; Timeout: 300ms; waiting for getByRole("heading")',
  );
});

it('keeps of the log what was waited for', () => {
  const message =
    'locator.click: Timeout 300ms exceeded.\nCall log:\n  - waiting for getByRole("button")\n    - locator resolved to hidden\n';
  expect(oneLine(new Error(message))).toBe('locator.click: Timeout 300ms exceeded.; waiting for getByRole("button")');
});

it('is bounded, and takes what is no error as well', () => {
  expect(oneLine('x'.repeat(10_000)).length).toBeLessThan(600);
  expect(oneLine(undefined)).toBe('undefined');
});
