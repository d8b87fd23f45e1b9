import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTwiml } from '../../../sandbox/twilio/twiml.ts';
import { askForADigit, goodbye } from './twiml.ts';

test('whatever an alert says is said, and the digit goes where it should', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.webPath(), fc.webQueryParameters(), (words, path, query) => {
      const action = `${path}?${query}`;
      const instructions = readTwiml(askForADigit(words, action));
      expect(instructions?.says).toContain(words);
      expect(instructions?.gather).toEqual({ action, method: 'POST' });
    }),
  );
});

test('the goodbye asks for nothing more, and what is no TwiML is none', () => {
  expect(readTwiml(goodbye)).toEqual({ says: 'Thank you.', gather: undefined });
  expect(readTwiml('<Response/>')).toEqual({ says: '', gather: undefined });
  expect(readTwiml('nothing is known of that alert')).toBeUndefined();
});
