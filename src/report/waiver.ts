import { z } from 'zod';
import type { ReportItem } from './report.ts';

const waiver = z.object({ by: z.string(), reason: z.string(), expires: z.string(), was: z.string().optional() });

/** Who accepted that an item is not proven, why, and for how long; undefined where nobody did. */
export function waiverOf(item: ReportItem): z.infer<typeof waiver> | undefined {
  return 'waiver' in item ? waiver.safeParse(item.waiver).data : undefined;
}
