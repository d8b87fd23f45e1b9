import { expect, it } from 'vitest';
import { alarmOf } from '../../../src/proofs/watchdog/touches.ts';

it('the alarm of a dead-man’s switch wakes people by the integrations that exist for that', () => {
  const integrations = [
    { name: 'ops', kind: 'slack' },
    { name: 'on call', kind: 'pd' },
    { name: 'hook', kind: 'webhook' },
  ];
  expect(alarmOf(integrations, 'room')).toEqual({
    channels: ['room'],
    others: [
      { says: "the dead-man's switch by slack (ops)", wakes: 'no' },
      { says: "the dead-man's switch by pd (on call)", wakes: 'yes' },
      { says: "the dead-man's switch by webhook (hook)", wakes: 'unknown' },
    ],
  });
});

it('its only integration, when that could be anything, is the channel on which the item awaits the alarm', () => {
  const hook = [{ name: 'hook', kind: 'webhook' }];
  expect(alarmOf(hook, 'room')).toEqual({ channels: ['room'], others: [] });
  expect(alarmOf(hook, undefined).others).toMatchObject([{ wakes: 'unknown' }]);
  expect(alarmOf([{ name: 'on call', kind: 'call' }], 'room').others).toMatchObject([{ wakes: 'yes' }]);
});
