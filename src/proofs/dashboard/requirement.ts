import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { boardName, checkName, personName } from '../../gate/reference.ts';

export const dashboardRequirement = z.strictObject({
  board: boardName().describe('The board of the gate that must be there.'),
  as: personName().optional().describe('The person who will use it, with their own password; nobody in particular when not given.'),
  freshWithin: duration
    .prefault('2m')
    .describe('How old the newest sample behind a panel may be: what ended or stands still is no answer.'),
  openedWithin: duration.prefault('15s').describe('How long it may take until every panel shows something.'),
  moves: z
    .strictObject({
      check: checkName().describe('The check that makes something happen.'),
      panel: z.string().min(1).describe('The panel whose value must rise then.'),
      atLeast: z.number().positive().optional().describe('By how much, as ms, bytes, percent or a plain number; any rise when not given.'),
      within: duration.prefault('1m').describe('How long that may take.'),
    })
    .optional()
    .describe('A value that must move: one that stands still tells old news.'),
});
export type DashboardRequirement = Readonly<z.output<typeof dashboardRequirement>>;
