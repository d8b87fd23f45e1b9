import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { heartbeatName } from '../../check/heartbeat.ts';

export const heartbeatOptions = z.strictObject({
  name: heartbeatName.describe('The name under which the heartbeats are sent.'),
  expectEvery: duration
    .refine((ms) => ms > 0, 'must be longer than nothing')
    .describe('How long after one heartbeat the next is expected.'),
  grace: duration.prefault('0s').describe('How much later it may come.'),
});
export type HeartbeatOptions = z.output<typeof heartbeatOptions>;
