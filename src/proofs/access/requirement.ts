import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { boardName, personName } from '../../gate/reference.ts';

export const accessRequirement = z.strictObject({
  board: boardName().describe('The board.'),
  onCall: z.boolean().default(false).describe('Whether the person on call now, by the rotation, must be able to open it.'),
  as: z.array(personName()).default([]).describe('Further people who must.'),
  public: z.boolean().default(false).describe('Whether everybody must, without any credentials.'),
  refused: z
    .array(z.union([z.literal('nobody'), personName()]))
    .default([])
    .describe('Who must not: people without the role, and nobody in particular.'),
  openedWithin: duration.prefault('15s').describe('How long it may take until a panel shows something.'),
});
export type AccessRequirement = Readonly<z.output<typeof accessRequirement>>;
