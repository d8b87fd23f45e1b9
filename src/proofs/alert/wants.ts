import type { Wanted } from '../../gate/wanted.ts';
import type { AlertRequirement } from './requirement.ts';

/** The rule, and the way of its alert to people. */
export function wants(requirement: AlertRequirement): Wanted {
  const { rule, expression, labels, annotations, texts = {}, receivers, channels } = requirement;
  return {
    rule: { name: rule, expression, forMs: requirement.for, labels, annotations, texts },
    ...(receivers.length === 0
      ? {}
      : {
          way: {
            alert: rule,
            labels,
            receivers,
            channels,
            deliveredWithinMs: requirement.deliveredWithin,
            resolvedWithinMs: requirement.resolvedWithin,
          },
        }),
  };
}
