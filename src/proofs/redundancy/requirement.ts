import { z } from 'zod';
import { duration, timeLimit } from '../../base/duration.ts';
import { injection } from '../../gate/injection.ts';
import { channelName } from '../../gate/reference.ts';

const server = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const takeAway = injection.extend({
  gone: z.array(server).min(1).describe('The servers of the stack, by their URLs, that must be seen to be gone then.'),
});
export type TakeAway = Readonly<z.output<typeof takeAway>>;

export const redundancyRequirement = z.strictObject({
  watchdog: z.string().min(1).default('Watchdog').describe('The rule that always fires: its alert shows who still tells alerts.'),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Labels of the test alert: they must lead it to the channel, and should wake nobody. Its name begins with LiveproofRedundancy.',
    ),
  channel: channelName().describe('The channel on which the test alert must arrive, exactly once.'),
  deliveredWithin: duration.prefault('5m').describe('Time allowed for that.'),
  settle: timeLimit
    .prefault('20s')
    .describe(
      'How long to look for a second copy after the first has arrived; an Alertmanager waits 15 s for its peers before it tells an alert too.',
    ),
  renewedWithin: duration
    .prefault('2m30s')
    .describe(
      'How soon the watchdog must be renewed by who is left; Prometheus sends a firing alert again at the first evaluation that is later than a minute after the last.',
    ),
  takeAway: z.array(takeAway).default([]).describe('What is taken away, one after the other, each given back before the next.'),
  goneWithin: duration.prefault('30s').describe('How soon what is taken away must be gone.'),
  backWithin: duration
    .prefault('3m')
    .describe('How soon after it was given back everything must be whole again, the watchdog at every Alertmanager too.'),
});
export type RedundancyRequirement = Readonly<z.output<typeof redundancyRequirement>>;
