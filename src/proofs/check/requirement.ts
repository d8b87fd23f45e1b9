import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { injection } from '../../gate/injection.ts';
import { checkName } from '../../gate/reference.ts';

const fault = injection.extend({
  failsWithin: duration.prefault('30s').describe('Time allowed until the check is seen to fail.'),
  recoversWithin: duration.prefault('30s').describe('Time allowed until it passes again, once the fault is undone.'),
});

export const checkRequirement = z.strictObject({
  check: checkName().describe('The check that must pass.'),
  times: z.int().min(2).max(100).default(3).describe('How often in a row it must pass for the grade `steady`.'),
  fault: fault.optional().describe('A real fault, made in the target of the check, that it must notice.'),
});
export type CheckRequirement = Readonly<z.output<typeof checkRequirement>>;
