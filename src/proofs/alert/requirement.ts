import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { injection } from '../../gate/injection.ts';
import { channelName } from '../../gate/reference.ts';
import { parsePromql } from '../../stack/promql.ts';
import { selectorsOf } from '../../stack/promql/selectors.ts';

const seriesName = z
  .string()
  .refine((text) => isSeries(text), {
    error: 'write one series with its labels, each with "=": http_requests_total{job="accubooks",status_code="500"}',
  })
  .describe('A series by name and labels; a histogram without `_bucket`.');

function isSeries(text: string): boolean {
  const expression = parsePromql(text);
  const [selector] = expression === undefined ? [] : selectorsOf(expression);
  if (expression?.kind !== 'VectorSelector' || selector?.metric === undefined) return false;
  return selector.matchers.every(({ operator }) => operator === '=');
}

const rate = z.number().nonnegative();

const stimulus = z.union([
  z.strictObject({ series: seriesName, rate: rate.describe('A counter that grows by so much a second.') }),
  z.strictObject({ series: seriesName, value: z.union([z.number(), z.literal('NaN')]).describe('A gauge that stays at this value.') }),
  z.strictObject({
    series: seriesName,
    observe: z.number().describe('A histogram in which observations of this value arrive.'),
    rate: rate.describe('How many of them a second.'),
    buckets: z.array(z.number()).min(1).describe('The upper bounds of its buckets, without +Inf.'),
  }),
]);
/** How one series behaves in a situation. */
export type Stimulus = Readonly<z.output<typeof stimulus>>;

const situation = z.strictObject({
  say: z.string().min(1).describe('The situation in words, as in "1.2% of requests fail".'),
  series: z.array(stimulus).describe('What the series do in it; none at all is a situation too.'),
});
/** A state of the system in which the rule must fire, or must not. */
export type Situation = Readonly<z.output<typeof situation>>;

const fault = injection.extend({
  firesWithin: duration.optional().describe('Time allowed until the rule is seen firing; worked out from the rule when not given.'),
});

const keys = z.strictObject({
  rule: z.string().min(1).describe('The name of the alerting rule.'),
  expression: z
    .string()
    .min(1)
    .optional()
    .describe('The expression that must be loaded, in any spelling; any that passes its tests when not given.'),
  for: duration.optional().describe('How long the condition must hold before the rule fires.'),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels that the rule must have; it may have more.'),
  annotations: z.array(z.string()).default([]).describe('Annotations that must be there and not be empty.'),
  texts: z
    .record(z.string(), z.string())
    .optional()
    .describe('Annotations as `liveproof generate prometheus` writes them: summary, description, runbook_url. Other words are as good.'),
  firesWhen: z.array(situation).default([]).describe('Situations in which the rule must fire, and stop firing afterwards.'),
  silentWhen: z.array(situation).default([]).describe('Situations in which it must not; in the first one every alert must end.'),
  receivers: z.array(z.string()).default([]).describe('Alertmanager receivers that the alert must reach.'),
  onlyReceivers: z.boolean().default(false).describe('Whether it must reach no others.'),
  mutedDuring: z.array(z.string()).optional().describe('Time intervals of Alertmanager during which nobody need be told.'),
  channels: z.array(channelName()).default([]).describe('Channels of the gate on which the test alert must be read back.'),
  deliveredWithin: duration.prefault('5m').describe('Time allowed for that, from the moment when it is posted.'),
  acknowledgedWithin: duration.optional().describe('The response time: how soon after the posting a person must have acknowledged it.'),
  acknowledgedOn: z.array(channelName()).default([]).describe('Channels on each of which that must be seen; on any one when not given.'),
  resolvedWithin: duration.optional().describe('How soon after the end of the test alert people must be told that it is over.'),
  resolvedOn: z.array(channelName()).default([]).describe('Channels that must tell so; all of `channels` when not given.'),
  fault: fault.optional().describe('A real fault, made in the system under test, that the rule must notice.'),
});

/** Situations are told apart by what they say. */
export const requirement = keys.refine(
  ({ firesWhen, silentWhen }) => new Set([...firesWhen, ...silentWhen].map(({ say }) => say)).size === firesWhen.length + silentWhen.length,
  { path: ['firesWhen'], error: 'two situations say the same: give each its own words' },
);
export type AlertRequirement = Readonly<z.output<typeof requirement>>;
