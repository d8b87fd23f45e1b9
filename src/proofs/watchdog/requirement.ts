import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { injection } from '../../gate/injection.ts';
import { channelName } from '../../gate/reference.ts';

export const watchdogRequirement = z.strictObject({
  rule: z.string().min(1).describe('The name of the alerting rule that always fires.'),
  receiver: z.string().min(1).describe("The Alertmanager receiver that pings the dead-man's switch."),
  noticedWithin: duration.describe(
    'How long the switch may take to raise the alarm once the alert has stopped, and to be quiet again after it is back.',
  ),
  tells: channelName().optional().describe('The channel of the gate on which the alarm of the switch must be read back.'),
  stop: injection
    .optional()
    .describe('How the alert is stopped: something that is taken away by a request. It is silenced in Alertmanager when not given.'),
});
export type WatchdogRequirement = Readonly<z.output<typeof watchdogRequirement>>;
